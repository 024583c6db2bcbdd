#!/usr/bin/env bash
# kloom simulate from outside: what it prints and writes, and how it refuses what it cannot do.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
kloom=${KLOOM:-$source_dir/kloom}
export KLOOM_HOME=$source_dir
export TERM=xterm-256color
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/here"
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    head -c 2000 "$work/out" "$work/err" | sed 's/^/    /'
    failures=$((failures + 1))
}

# simulate ARGUMENT...: leaves what is printed in out and err.
simulate() {
    (cd "$work/here" && timeout 60 "$kloom" simulate "$@") >"$work/out" 2>"$work/err" </dev/null
}

# small ARGUMENT...: with few points, so that it takes no time.
small() { simulate --cpus 1,2,4 --seeds 2 --for 10ms "$@"; }

# refused NAME TEXT ARGUMENT...: one message on stderr that has TEXT, status 2, nothing printed, no file left.
refused() {
    local name=$1 text=$2 got
    shift 2
    simulate "$@"
    got=$?
    [[ $got -eq 2 ]] || fail "$name: status $got, expected 2"
    [[ -s $work/out ]] && fail "$name: prints something"
    [[ $(grep -c '^kloom: ' "$work/err") -eq 1 ]] || fail "$name: not one message"
    [[ $(wc -l <"$work/err") -le 2 ]] || fail "$name: more than a message and what to do"
    grep -qF -- "$text" "$work/err" || fail "$name: the message has no '$text'"
    [[ -z $(ls -A "$work/here") ]] || fail "$name: leaves a file"
}

simulate || fail "without arguments: status $?"
for organisation in per-cpu master-slave smp smp-regions smp-percpu; do
    grep -qw -- "$organisation" "$work/out" || fail "without arguments: no $organisation"
done
grep -q '^ *1 ' "$work/out" && grep -q '^ *64 ' "$work/out" || fail 'without arguments: a line from 1 to 64 CPUs'
grep -q $'\e' "$work/out" && fail 'a pipe has no colours'
[[ -s $work/err ]] && fail 'a simulation in a pipe says nothing on stderr'

small --json || fail "--json: status $?"
python3 - "$work/out" <<'PYTHON' || fail '--json is a document with all figures'
import json
import sys

document = json.load(open(sys.argv[1]))
assert document["kloom"] == 1 and document["workload"] == "textbook", document["workload"]
assert document["first_seed"] == 1 and document["seeds"] == 2
curves = document["curves"]
assert [c["id"] for c in curves] == ["per-cpu", "master-slave", "smp", "smp-regions", "smp-percpu"]
figures = """cpus processes throughput speed_up efficiency user system lock_wait idle idle_beside_loaded paging
paging_beside_free stale_reads queues dispatch interactive interactive_histogram theory events""".split()
for curve in curves:
    assert [p["cpus"] for p in curve["points"]] == [1, 2, 4], curve["id"]
    for point in curve["points"]:
        assert sorted(point) == sorted(figures), sorted(point)
        assert point["throughput"]["mean"] > 0 and point["throughput"]["half_width"] > 0
        times = sum(point[name]["mean"] for name in ("user", "system", "lock_wait", "idle"))
        assert abs(times - 1) < 1e-3, times
assert [c["points"][2]["theory"] is None for c in curves] == [True, False, False, True, True]
PYTHON
cp "$work/out" "$work/first.json"
small --json
cmp -s "$work/out" "$work/first.json" || fail 'the same arguments give the same bytes'
small --json --seed 2
cmp -s "$work/out" "$work/first.json" && fail 'another seed gives other figures'

small --csv || fail "--csv: status $?"
[[ $(head -n 1 "$work/out") == workload,first_seed,seeds,organisation,title,cpus,* ]] || fail '--csv has a header'
[[ $(wc -l <"$work/out") -eq 16 ]] || fail '--csv has a row for each point'
python3 - "$work/out" <<'PYTHON' || fail '--csv has the same fields in each row'
import csv
import sys

rows = list(csv.reader(open(sys.argv[1])))
assert all(len(row) == len(rows[0]) for row in rows)
PYTHON

small --html page.html || fail "--html: status $?"
grep -q '^kloom: .*page.html' "$work/err" || fail '--html says what it wrote'
grep -q smp-regions "$work/out" || fail '--html prints the table, too'
[[ $(head -c 15 "$work/here/page.html") == '<!DOCTYPE html>' ]] || fail 'the page is HTML'
grep -qE '<(script|img|link|iframe)[^>]+(src|href)=|@import|url\(["'\'']?http' "$work/here/page.html" && fail 'the page needs nothing else'
rm -f "$work/here/page.html"

simulate --list || fail "--list: status $?"
[[ $(wc -l <"$work/out") -eq 5 ]] || fail '--list has five presets'
simulate --workload web --organisation smp,smp-percpu,smp --cpus 2-3 --seeds 1 --for 1ms --csv || fail "organisations: status $?"
[[ $(sed 's/"[^"]*"//g' "$work/out" | cut -d, -f4,6 | tr '\n' ' ') == 'organisation,cpus smp,2 smp,3 smp-percpu,2 smp-percpu,3 ' ]] || fail 'the chosen organisations and CPUs, once'
printf 'name = "mine"\ncalls.mean = "1us"\n' >"$work/here/my.toml"
small --workload my.toml --set 'compute.mean = 3us' --json || fail "a file: status $?"
grep -q '"system_share": 0.25' "$work/out" || fail 'a file and a change count'
printf '[calls]\nmean = 5\n' >"$work/here/my.toml"
simulate --workload my.toml && fail 'a wrong file is refused'
grep -q '^kloom: my.toml:2: calls.mean: .*90us' "$work/err" || fail 'a wrong file is named with line and what is expected'
rm "$work/here/my.toml"

refused 'an unknown organisation' 'smp-regions, smp-percpu' --organisation nope
refused 'an unknown preset' 'textbook, build-server' --workload nope
refused 'an unknown key' 'sections are calls' --set a.b=1
refused 'a key without value' 'KEY=VALUE' --set calls.mean
refused 'a value without unit' '90us' --set calls.mean=5
refused 'a value out of range' 'from 0 to 1' --set files.hot=2
refused 'no CPUs' 'from 1 to 4096' --cpus 0
refused 'too many CPUs' 'from 1 to 4096' --cpus 1-5000
refused 'CPUs that are no number' "'x'" --cpus x
refused 'CPUs that go down' '--cpus' --cpus 8-4
refused 'too far' '4096' --until 5000
refused 'CPUs and an end' '--until' --cpus 1 --until 2
refused 'a wrong preemption' 'none, voluntary, full' --preempt some
refused 'a wrong slice' 'scheduling.slice' --time-slice 5
refused 'no seeds' '--seeds' --seeds 0
refused 'a seed that is no number' '--seed' --seed x
refused 'no time' '--for 0' --for 0
refused 'JSON and CSV' '--csv' --json --csv
refused 'a page that cannot be written' 'none/page.html' --html none/page.html --cpus 1 --seeds 1 --for 1ms
refused 'a page that is a folder' 'cannot write .' --html . --cpus 1 --seeds 1 --for 1ms
refused 'a file' 'smp.c' smp.c

# A reader that has seen enough.
(timeout 60 "$kloom" simulate --cpus 1-64 --seeds 1 --for 1ms --csv; echo $? >"$work/status") 2>"$work/err" | head -n 1 >"$work/out"
[[ -s $work/out ]] || fail 'a reader gets the first line'
[[ -s $work/err ]] && fail 'nobody complains that the reader is gone'
case $(cat "$work/status") in
0 | 141) ;;
*) fail "a reader that is gone: status $(cat "$work/status")" ;;
esac

[[ $failures -eq 0 ]] || exit 1
echo 'simulate: all as expected'
