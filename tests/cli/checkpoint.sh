#!/usr/bin/env bash
# A search that is stopped and goes on from its checkpoint comes to what one says that was not stopped.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    failures=$((failures + 1))
}

# How long the search took is all that may differ.
check() {
    (timeout 120 "$kloom" check "$@" --budget 100s 2>&1; echo "status $?") |
        sed -E 's/(in|,) [0-9.]+ m?s\b/\1 TIME/'
}

# goes_on STOP... -- ARGUMENT...: stopped after so many executions each, then not stopped any more.
goes_on() {
    local stops=() stop
    while [[ $1 != -- ]]; do stops+=("$1"); shift; done
    shift
    check "$@" >whole
    for stop in "${stops[@]}"; do
        check "$@" --checkpoint state --executions "$stop" >part
        grep -q 'status 3' part || fail "$*: stopped after $stop executions it claims more than it has done"
        [[ -s state ]] || fail "$*: after $stop executions there is no checkpoint"
    done
    check "$@" --checkpoint state >resumed
    diff whole resumed || fail "$*: stopped after ${stops[*]} it comes to something else"
    [[ ! -e state ]] || fail "$*: the checkpoint of a search that is over stays"
}

counters=$source_dir/examples/11_define_per_cpu/hits_fixed.c
goes_on 500 800 1500 -- "$counters" --strategy bounded --bound 3
goes_on 200 10000 20000 -- "$counters" --strategy exhaustive
goes_on 300 9000 -- "$counters" --strategy exhaustive --workers 1

# says STATUS TEXT ARGUMENT...
says() {
    local status=$1 text=$2
    shift 2
    check "$@" >out
    grep -q "status $status" out && grep -qF -- "$text" out || { fail "$*"; cat out; }
}

check "$counters" --strategy exhaustive --checkpoint state --executions 2000 >out
cp state whole_state
says 2 'is that of another search' "$counters" --checkpoint state
says 2 'is that of another search' "$counters" --strategy exhaustive --cpus 3 --checkpoint state
says 2 'is that of another search' "$source_dir/examples/05_lost_update/lost_update.c" --strategy exhaustive --checkpoint state
sed -i '$d' state
says 2 'is no checkpoint' "$counters" --strategy exhaustive --checkpoint state
sed -E 's/^part .*/part x/' whole_state >state
says 2 'is no checkpoint' "$counters" --strategy exhaustive --checkpoint state
says 2 'is no checkpoint' "$counters" --strategy exhaustive --checkpoint "$counters"
says 2 'cannot be written' "$counters" --strategy exhaustive --executions 100 --checkpoint none/state

# Ctrl-C: the claim so far, and a checkpoint to go on from.
rm -f state
"$kloom" check "$counters" --strategy random --budget 100s --checkpoint state >out 2>&1 &
search=$!
sleep 3
pkill -INT -P "$search" || kill -INT "$search"
wait "$search"
grep -q 'random interleavings were run' out || fail 'Ctrl-C shows no claim'
[[ -s state ]] || fail 'Ctrl-C leaves no checkpoint'

exit $((failures != 0))
