#!/usr/bin/env bash
# Properties of schedules: the same search gives the same bytes twice, every finding replays from its trace, and a trace of a
# changed program is refused.
set -u
failures=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "FAILED: $*"; failures=$((failures + 1)); }
# What may differ between two runs of the same search: times.
mask() { sed -E 's/"seconds": [0-9.e+-]+/"seconds": 0/; s/ in [0-9.]+ (us|ms|s)\b/ in TIME/g'; }

cd "$KLOOM_SOURCE_DIR" || exit 1
for module in examples/*/*.c; do
    case $module in *_fixed.c) continue ;; esac
    options=$(sed -n "s|^\$ ./kloom check \(.*\) $module\$|\1|p" "$(dirname "$module")/README.md" | head -n 1)
    for run in first second; do
        mkdir -p "$work/$run"
        (cd "$work/$run" && eval "\"$KLOOM\" check --json $options \"$KLOOM_SOURCE_DIR/$module\"" > report 2> errors)
    done
    diff <(mask < "$work/first/report") <(mask < "$work/second/report") > "$work/diff" || fail "$module: two searches differ: $(head -n 4 "$work/diff")"
    for trace in "$work"/first/*.trace; do
        [ -e "$trace" ] || continue
        cmp -s "$trace" "$work/second/$(basename "$trace")" || fail "$module: $(basename "$trace") differs between two searches"
        id=$(sed -n 's/^finding //p' "$trace")
        (cd "$work/first" && "$KLOOM" replay --json "$trace") > "$work/replayed" 2> "$work/errors"
        grep -q "\"id\": \"$id\"" "$work/replayed" || fail "$module: $id does not show again: $(head -n 1 "$work/errors")"
    done
    rm -rf "$work/first" "$work/second"
done

cp examples/05_lost_update/lost_update.c "$work/changed.c"
cd "$work" || exit 1
"$KLOOM" check changed.c > /dev/null 2>&1
sed -i 's/V++;/V += 2;/' changed.c
"$KLOOM" replay changed-1.trace > output 2> errors
[ $? -eq 2 ] || fail "the trace of a changed program is not refused"
grep -q changed errors || fail "the message does not say that the program has changed: $(cat errors)"
[ "$(wc -l < errors)" -le 3 ] || fail "more than one message: $(cat errors)"
[ "$failures" -eq 0 ] && echo "all schedules replay"
exit $((failures != 0))
