#!/usr/bin/env bash
# Every conformance module and example prints the same in real Linux, here and now, and on the machine.
# Runs alone: an emulated computer beside a busy one is too slow for what it runs.
exec "$KLOOM_SOURCE_DIR/tools/conformance"
