#!/usr/bin/env bash
# Every conformance module and example prints the same in real Linux, here and now, and on the machine.
exec "$KLOOM_SOURCE_DIR/tools/conformance"
