#!/usr/bin/env bash
# Every module under tests/clean: see tools/module_tests.
exec "$KLOOM_SOURCE_DIR/tools/module_tests" clean "$KLOOM_SOURCE_DIR/tests/clean"
