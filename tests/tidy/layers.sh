#!/usr/bin/env bash
# Every include follows the arrows between the layers.
exec "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}/tools/check_layers.py"
