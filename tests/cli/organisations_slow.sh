#!/usr/bin/env bash
# kloom check --organisation: kloom's own operating systems have no defect, and without their locks they have those that
# the locks are for. Every trace replays.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/here"
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    head -c 3000 "$work/out" "$work/err" | sed 's/^/    /'
    failures=$((failures + 1))
}

# says TEXT: somebody does.
says() { grep -qF -- "$1" "$work/out" "$work/err"; }

# expect NAME STATUS TEXT ARGUMENT...: kloom with these arguments ends with STATUS and says TEXT.
expect() {
    local name=$1 status=$2 text=$3 got
    shift 3
    (cd "$work/here" && timeout 300 "$kloom" "$@") >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [[ $got -eq $status ]] || fail "$name: status $got, expected $status"
    says "$text" || fail "$name: nobody says '$text'"
}

expect 'no locks to leave out' 2 "'per-cpu' has no locks" check --organisation per-cpu --without-lock
[[ -s $work/out ]] && fail 'what is refused prints nothing'
expect 'locks of a module' 2 'of an --organisation' check x.c --without-lock
expect 'locks of nothing' 2 'of an --organisation' check --without-lock
expect 'a file, too' 2 'instead of x.c' check --organisation smp x.c
expect 'no file' 2 'FILE is required' check
expect 'an unknown organisation' 2 'smp-regions, smp-percpu' check --organisation nope
expect 'an unknown region' 2 'scheduler, memory, files' check --organisation smp --without-lock=nope
expect 'several programs as JSON' 2 'name a region' check --organisation smp --without-lock --json

# Budgets in executions, which do not depend on how busy this computer is: a fifth more than the claims take.
expect 'an OS per CPU' 0 'no defect found' check --organisation per-cpu --budget 25000
says 'all interleavings explored' || fail 'nothing is left to search in an OS per CPU'
for organisation in master-slave smp smp-percpu; do
    expect "$organisation" 0 'no defect found' check --organisation "$organisation" --budget 25000
    says 'at most 2 preemptions' || fail "$organisation: what was proven"
done
# With two preemptions it takes minutes.
expect smp-regions 0 'no defect found' check --organisation smp-regions --bound 1 --budget 10000
says 'at most 1 preemption' || fail 'smp-regions: what was proven'
[[ -z $(ls -A "$work/here") ]] || fail 'what is right leaves no trace'

expect 'smp without locks' 1 'without the lock of scheduler' check --organisation smp --without-lock
grep -q 'picks process [0-9]*, which CPU [0-9] has picked already' "$work/out" || fail 'a process is picked twice'
grep -q 'claims a page frame that process [0-9] has claimed already' "$work/out" || fail 'a frame is claimed twice'
says 'without the lock of files' || fail 'each region in turn'
grep -o 'kloom replay .*\.trace' "$work/out" | sort -u >"$work/named"
[[ -s $work/named ]] || fail 'traces are written'
[[ $(wc -l <"$work/named") -eq $(ls "$work/here" | wc -l) ]] || fail 'the traces are those that are named'
for trace in $(cd "$work/here" && ls); do
    expect "$trace" 1 'was run again and shows it' replay "$trace"
done

expect 'one region' 1 'has picked already' check --organisation smp --without-lock=scheduler
says 'claims a page frame' && fail 'with the lock of memory no frame is claimed twice'
expect 'two regions' 1 'lost update' check --organisation smp --without-lock=memory,files

[[ $failures -eq 0 ]] || exit 1
echo 'organisations: all as expected'
