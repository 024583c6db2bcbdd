#!/usr/bin/env bash
# A search that is killed after more than ten seconds has left a checkpoint to go on from.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failures=0

search() {
    "$kloom" check "$source_dir/examples/11_define_per_cpu/hits_fixed.c" --strategy random --checkpoint state "$@"
}

search --budget 100s >out 2>&1 &
sleep 14
pkill -KILL -P $! || kill -KILL $!
wait $!
[[ -s state ]] || { echo 'FAILED: there is no checkpoint'; failures=1; }
done_before=$(awk '$1 == "claim" {print $5}' state)
search --executions $((done_before + 1000)) --budget 100s >out 2>&1 || failures=1
tr -d , <out | grep -q "$((done_before + 1000)) random" || {
    echo "FAILED: it does not go on from the $done_before executions of the checkpoint"
    cat out
    failures=1
}

exit $failures
