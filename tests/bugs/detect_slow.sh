#!/usr/bin/env bash
# Every module of the benchmark `detect`, once: see tools/module_tests. And the table of the benchmark names each of them.
set -u

folder=$KLOOM_SOURCE_DIR/bench/detect
in_table=$(grep -v '^#' "$folder/linux.tsv" | cut -f 1 | sort)
in_folder=$(cd "$folder" && printf '%s\n' *.c | sed 's/\.c$//' | sort)
if [[ "$in_table" != "$in_folder" ]]; then
    echo "bench/detect/linux.tsv and the modules beside it differ:"
    diff <(echo "$in_table") <(echo "$in_folder")
    exit 1
fi
exec "$KLOOM_SOURCE_DIR/tools/module_tests" bugs "$folder"
