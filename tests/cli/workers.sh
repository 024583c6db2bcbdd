#!/usr/bin/env bash
# A search that is divided among worker processes says what one process says, byte for byte.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

# How long the search took is all that may differ.
check() {
    (cd "$work" && timeout 120 "$kloom" check "$@" --budget 100s 2>&1; echo "status $?") |
        sed -E 's/(in|,) [0-9.]+ m?s\b/\1 TIME/'
}

# compare EXECUTIONS_MIN ARGUMENT...: with one, two and five workers; long enough to be divided.
compare() {
    local least=$1 executions workers
    shift
    check "$@" --workers 1 >"$work/one"
    executions=$(grep -oE '[0-9,]+ (executions|random)' "$work/one" | head -n 1 | tr -dc 0-9)
    [[ ${executions:-0} -ge $least ]] || {
        printf 'FAILED: %s: %s executions, too few to be divided\n' "$*" "${executions:-no}"
        failures=$((failures + 1))
    }
    for workers in 2 5; do
        check "$@" --workers "$workers" >"$work/many"
        diff "$work/one" "$work/many" || {
            printf 'FAILED: %s: with %d workers it says something else\n' "$*" "$workers"
            failures=$((failures + 1))
        }
    done
}

examples=$source_dir/examples bugs=$source_dir/tests/bugs
compare 20000 "$examples/11_define_per_cpu/hits_fixed.c" --strategy exhaustive
compare 20000 "$examples/11_define_per_cpu/hits_fixed.c"
compare 20000 "$examples/11_define_per_cpu/hits_fixed.c" --strategy random --executions 20000
compare 20000 "$examples/11_define_per_cpu/hits_fixed.c" --bound 9 --strategy bounded --executions 43210
compare 7000 "$bugs/deadlock/abba_while_a_timer_ticks.c" --strategy exhaustive --executions 20000
compare 1000 "$bugs/data-race/seqcount_reader_gave_up.c" --strategy exhaustive --all
compare 1000 "$bugs/double-free/two_threads.c" --strategy exhaustive

exit $((failures != 0))
