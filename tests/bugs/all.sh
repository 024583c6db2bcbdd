#!/usr/bin/env bash
# Every module under tests/bugs: see tools/module_tests.
exec "$KLOOM_SOURCE_DIR/tools/module_tests" bugs "$KLOOM_SOURCE_DIR/tests/bugs"
