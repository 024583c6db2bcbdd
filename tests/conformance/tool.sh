#!/usr/bin/env bash
# tools/conformance from outside, without Linux: its messages, its table of masks, its directives.
set -u

tool=$KLOOM_SOURCE_DIR/tools/conformance
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# expect NAME STATUS TEXT ARGUMENT...: the tool with these arguments ends with STATUS and says TEXT.
expect() {
    local name=$1 status=$2 text=$3 got
    shift 3
    "$tool" "$@" >"$work/out" 2>&1 </dev/null
    got=$?
    if [[ $got -ne $status ]] || ! grep -qF -- "$text" "$work/out"; then
        printf 'FAILED: %s: status %s (expected %s), said:\n' "$name" "$got" "$status"
        sed 's/^/    /' "$work/out"
        failures=$((failures + 1))
    fi
}

# module HEAD: a module with this head, in $work/module.c.
module() { printf '%s\n#include <linux/module.h>\n' "$1" >"$work/module.c"; }

expect 'a missing module' 2 'none.c: there is no such file' none.c
mkdir "$work/empty"
expect 'a folder without a Makefile' 2 'has no Makefile' "$work/empty"
expect 'no such name' 2 "contains 'nothing like it'" --only 'nothing like it'
expect 'an unknown option' 2 'unrecognized arguments' --nope
expect 'options of a named module' 2 'modules that are named' --param n=1
expect 'a wait that is no time' 2 "invalid seconds value: 'soon'" --for soon
expect 'no golden of a named module' 2 'committed output' --update "$work/module.c"
module '// open: CPU \d+ -> CPU N'
expect 'a mask needs a reason' 2 'write PATTERN -> TEXT | REASON' "$work/module.c"
module '// open: CPU ( -> CPU N | why'
expect 'a mask needs a pattern' 2 'CPU (' "$work/module.c"
module '// seconds: many'
expect 'seconds are a number' 2 "'many' is no number" "$work/module.c"

# Traces of two CPUs, one within the other: the heads stay, the bodies go.
if ! (cd "$KLOOM_SOURCE_DIR/tools/lib" && PYTHONDONTWRITEBYTECODE=1 python3 - <<'END'
from conformance import compare

lines = ["BUG: a", "CPU: N PID: N Comm: a", "body", "BUG: b", "CPU: N PID: N Comm: b", " </TASK>", "body", " </TASK>", "after"]
kept = compare._without_trace_bodies(lines)
assert kept == ["BUG: a", "CPU: N PID: N Comm: a", "BUG: b", "CPU: N PID: N Comm: b", "after"], kept
END
); then
    echo 'FAILED: traces of two CPUs within one another'
    failures=$((failures + 1))
fi

# The documentation shows the table of masks as it is.
page=$KLOOM_SOURCE_DIR/docs/reference/conformance.md
sed -n '/<!-- masks -->/,/<!-- end of masks -->/p' "$page" | sed '1d;$d' >"$work/shown"
"$tool" --masks >"$work/masks" || failures=$((failures + 1))
if ! diff -u "$work/shown" "$work/masks"; then
    echo "FAILED: ${page##*/} shows another table of masks: run tools/conformance --masks --update"
    failures=$((failures + 1))
fi

[[ $failures -eq 0 ]] || exit 1
echo 'tool: all as expected'
