#!/usr/bin/env bash
# The outputs shown in README.md, the examples and the guide are what the program prints today.
exec "$KLOOM_SOURCE_DIR/tools/example_outputs"
