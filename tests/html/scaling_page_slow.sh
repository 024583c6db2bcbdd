#!/usr/bin/env bash
# The page of charts in a real browser: it draws without an error, can be used, and prints.
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
writer=$(dirname "${KLOOM:-$source_dir/build/release/bin/kloom}")/report_test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

if ! browser=$(command -v chromium); then
    echo 'skipped: there is no browser, install the Debian package chromium'
    exit 77
fi

# browse OPTION... ADDRESS: what the browser prints. Its complaints about this computer go to a file.
browse() {
    timeout 120 "$browser" --headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage \
        --user-data-dir="$work/profile" --window-size=1400,1200 "$@" 2>>"$work/err"
}

# open ADDRESS: the document as the page's script left it, in $work/dom.
open() { browse --dump-dom "file://$work/$1" >"$work/dom"; }

fail() {
    printf 'FAILED: %s\n' "$1"
    failures=$((failures + 1))
}

# expect NAME TEXT: the document contains TEXT.
expect() { grep -qF -- "$2" "$work/dom" || fail "$1: there is no '$2'"; }
refuse() { grep -qF -- "$2" "$work/dom" && fail "$1: there is '$2'"; }

export KLOOM_PAGE_FOLDER=$work
if ! "$writer" --gtest_brief=1 --gtest_filter=ScalingHtml.PagesAreWrittenForTheBrowser >"$work/out" ||
    [[ ! -s $work/large.html || ! -s $work/small.html ]]; then
    cat "$work/out"
    echo "FAILED: $writer wrote no pages"
    exit 1
fi
for page in large small; do
    { cat "$work/$page.html" && printf '<script>\n' && cat "$source_dir/tests/html/scaling_page_probe.js" &&
        printf '</script>\n'; } >"$work/${page}_probed.html"
done

open large.html
expect 'the script came to its end' 'data-state="drawn"'
refuse 'no script error' 'data-error='
# Five organisations with seven points; theory for four of them; the ideal line has two points.
expect 'speed-up' 'data-drawn="speed-up: 10 series, 65 points"'
expect 'throughput' 'data-drawn="throughput: 9 series, 63 points"'
expect 'queue' 'data-drawn="queue: 5 series, 35 points"'
expect 'dispatch' 'data-drawn="dispatch: 5 series, 35 points"'
expect 'CPU time has bars and four gaps' 'data-drawn="cpu-time: 4 series, 156 points"'
expect 'interactive' 'data-drawn="interactive: 5 series, 35 points"'

open 'large.html#hover=speed-up,1,3'
expect 'a point can be shown by the address' '8 CPUs, master and slaves: 4.52 ± 0.080'

open 'large.html#axes=linear&hover=queue,1,3'
expect 'linear axes by the address' 'data-drawn="speed-up: 10 series, 65 points"'
expect 'the queue is named' 'master and slaves: 3.48 ± 0.100 (master)'
refuse 'no script error' 'data-error='

open large_probed.html
refuse 'no script error' 'data-error='
for figure in speed-up throughput cpu-time queue dispatch interactive; do
    expect 'the charts are drawn' "$figure is coloured"
done
expect 'arrow keys move in a chart' 'keys read 2 CPUs, a kernel for each CPU: 1.96 ± 0.020'
expect 'an organisation can be hidden' 'hidden: speed-up: 9 series, 58 points'
expect 'and shown again' 'shown: speed-up: 10 series, 65 points'
expect 'one organisation can be chosen' 'CPU time: a kernel for each CPU is cpu-time: 4 series, 28 points'
expect 'the axes can be chosen' 'linear: linear, speed-up: 10 series, 65 points'

open 'small_probed.html#hover=throughput,0,1'
refuse 'no script error' 'data-error='
expect 'one run' 'throughput: 2 series, 4 points'
expect 'one run has no spread' 'keys read 2 CPUs, SMP, one big lock: 1.90'
refuse 'one run has no spread' 'keys read 2 CPUs, SMP, one big lock: 1.90 '
refuse 'no interactive process' 'data-drawn="interactive'

sed 's/new Chart(/new Missing(/' "$work/large.html" >"$work/broken.html"
open broken.html
expect 'an error is told' 'The charts could not be drawn'
expect 'and the tables are there' '<th scope="row">64</th>'

browse --screenshot="$work/page.png" "file://$work/large.html" >/dev/null
[[ $(head -c 4 "$work/page.png" 2>/dev/null | tail -c 3) == PNG ]] || fail 'there is a picture of the page'
browse --print-to-pdf="$work/page.pdf" "file://$work/large.html" >/dev/null
[[ $(head -c 4 "$work/page.pdf" 2>/dev/null) == %PDF ]] || fail 'the page can be printed'

[[ $failures -eq 0 ]] || { tail -n 5 "$work/err"; exit 1; }
echo 'page of charts: all as expected'
