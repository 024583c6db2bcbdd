#!/usr/bin/env bash
# lib/percpu_test.c of Linux, unmodified: on the machine it prints what it prints in Linux, its init returns -EAGAIN, and
# none of its 19 checks warns, in one interleaving and in all of them.
set -u

folder=$("$KLOOM_SOURCE_DIR/tools/linux_source") || exit
module=$folder/lib/percpu_test.c
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fail() {
    printf 'FAILED: %s\n' "$1"
    cat "$work/out"
    exit 1
}

checks=$(grep -c '^	CHECK(' "$module")
[[ $checks -eq 19 ]] || fail "the file has $checks checks, expected 19: it is another version"

"$KLOOM" run "$module" >"$work/out" 2>&1 || fail "kloom run ended with status $?"
printed=$(sed -n 's/^\[ *[0-9.]*\] //p' "$work/out")
[[ $printed == $'percpu test start\npercpu test done' ]] || fail "it printed something else"
grep -q 'init returned -11' "$work/out" || fail "init did not return -EAGAIN"

"$KLOOM" check --trace-dir "$work" "$module" >"$work/out" 2>&1 || fail "kloom check ended with status $?"
grep -q 'no defect found' "$work/out" || fail "a check warned"

# The test can fail: a wrong expectation is noticed.
sed 's/CHECK(ul, ulong_counter, 2)/CHECK(ul, ulong_counter, 3)/' "$module" >"$work/wrong.c"
"$KLOOM" run "$work/wrong.c" >"$work/out" 2>&1 && fail "a wrong expectation passed"
grep -q 'raw 2 (0x2) != expected 3 (0x3)' "$work/out" || fail "the wrong expectation was not named"

echo "19 of 19 checks pass"
