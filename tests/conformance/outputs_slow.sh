#!/usr/bin/env bash
# Every conformance module and example prints on the machine what Linux has printed, as committed under golden/.
exec "$KLOOM_SOURCE_DIR/tools/conformance" --golden
