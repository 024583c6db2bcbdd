#!/usr/bin/env bash
# Every header of include/kernel compiles alone, in C and in C++, for modules and for kloom itself.
set -eu
exec "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}/tools/check_headers"
