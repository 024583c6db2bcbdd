#!/usr/bin/env bash
# The commands of kloom from outside: exit status, messages, traces.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    sed 's/^/    /' "$work/out" "$work/err"
    failures=$((failures + 1))
}

# expect NAME STATUS TEXT ARGUMENT...: kloom with these arguments ends with STATUS and says TEXT.
expect() {
    local name=$1 status=$2 text=$3 got
    shift 3
    (cd "$work/here" && timeout 60 "$kloom" "$@") >"$work/out" 2>"$work/err" </dev/null
    got=$?
    [[ $got -eq $status ]] || fail "$name: status $got, expected $status"
    grep -qF -- "$text" "$work/out" "$work/err" || fail "$name: nobody says '$text'"
}

mkdir "$work/here" "$work/other"
cp "$source_dir"/examples/05_lost_update/*.c "$work/here/"

expect 'a defect is found' 1 'lost update of V' check lost_update.c
[[ -s $work/err ]] && fail 'a search in a pipe says nothing on stderr'
grep -q 'CPU 0 .*CPU 1' "$work/out" || fail 'the interleaving has one column per CPU'
[[ -s $work/here/lost_update-1.trace ]] || fail 'a trace is written'

expect 'the trace replays' 1 'was run again and shows it' replay lost_update-1.trace
mv "$work/here" "$work/moved" && mkdir "$work/here"
expect 'a folder with trace and source can be moved' 1 'lost update of V' replay ../moved/lost_update-1.trace
cp "$work"/moved/* "$work/here/"
expect 'sources can be named' 1 'lost update of V' replay ../moved/lost_update-1.trace lost_update.c

sed -i 's/V++/V += 1/' "$work/here/lost_update.c"
expect 'a changed program is refused' 2 'the program has changed' replay lost_update-1.trace
echo 'kloom-trace 1' >"$work/here/short.trace"
expect 'a trace that is cut off is refused' 2 'cut off' replay short.trace
echo rubbish >"$work/here/rubbish.trace"
expect 'rubbish is no trace' 2 'no kloom trace' replay rubbish.trace
expect 'a missing trace is named' 2 'none.trace' replay none.trace
expect 'a folder is no trace' 2 'folder' replay .

expect 'the fixed program is clean' 0 'no defect found' check lost_update_fixed.c
expect 'one CPU is enough for it' 0 'no defect found' check lost_update_fixed.c --cpus 1 --boot nr_cpus=1
expect 'JSON has a verdict' 1 '"verdict": "findings"' check lost_update.c --json
expect 'traces go where they should' 1 'other/lost_update-1.trace' check lost_update.c --trace-dir ../other
expect 'a program runs' 1 'data race' run lost_update.c
expect 'a user process speaks' 0 'hello there' run lost_update_fixed.c --user 'echo hello there'

echo 'insmod $MODULE; sleep 1; echo in between; rmmod $MODULE' >"$work/here/life.sh"
: >"$work/here/empty.sh"
expect 'a script drives a program' 0 'in between' run lost_update_fixed.c --script life.sh
expect 'a missing script is named' 2 'none.sh' run lost_update_fixed.c --script none.sh
grep -qF 'name a file of shell commands' "$work/err" || fail 'and what to give instead'
expect 'a folder is no script' 2 'not a regular file' run lost_update_fixed.c --script .
expect 'a script has commands' 2 'empty.sh is empty' run lost_update_fixed.c --script empty.sh
expect 'a wrong configuration' 2 '--config' run lost_update_fixed.c --config NR_CPUS=0

(cd "$work/here" && "$kloom" check lost_update.c 2>"$work/err" | true)
[[ -s $work/err ]] && fail 'a reader who has gone is no reason to complain'

echo 'int x = ;' >"$work/here/bad.c"
expect 'what does not compile' 2 'bad.c' check bad.c
expect 'a missing source' 2 'nofile.c' check nofile.c
expect 'an unknown option' 2 '--nope' check lost_update.c --nope
expect 'a wrong number of CPUs' 2 '--cpus' check lost_update.c --cpus 0
expect 'a wrong line' 2 'no interrupt line' check lost_update.c --irq x
expect 'a CPU that is not there' 2 'there is no CPU 5' check lost_update.c --irq 19@5
expect 'a wrong cause' 2 'no cause of concurrency' check lost_update.c --without luck
expect 'no command' 2 'kloom --help'
expect 'no such finding' 2 'explain --list' explain nothing
expect 'a finding is explained' 0 'Example' explain lost-update
expect 'help has examples' 0 'Examples:' check --help
expect 'the version' 0 'kloom ' --version

[[ $failures -eq 0 ]] || exit 1
echo 'commands: all as expected'
