#!/usr/bin/env bash
# The launcher ./kloom, in a small checkout of its own whose compiler and package manager are stand-ins: what is built when,
# what is said, which status it ends with.
# shellcheck disable=SC2016  # stand-ins expand their arguments themselves
set -u

source_dir=$(cd "${KLOOM_SOURCE_DIR:-$(dirname "$0")/../..}" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    sed 's/^/    /' "$work/err"
    failures=$((failures + 1))
}

# expect NAME STATUS TEXT: the last start ended with STATUS and its messages hold TEXT.
expect() {
    [[ $status -eq $2 ]] || fail "$1: status $status, expected $2"
    [[ -z $3 ]] || grep -qF -- "$3" "$work/err" || fail "$1: no message '$3'"
}

stand_in() {
    printf '#!/bin/sh\n%s\n' "$2" >"$work/bin/$1"
    chmod +x "$work/bin/$1"
}

start() {
    PATH=$work/bin:$PATH "$@" >"$work/out" 2>"$work/err"
    status=$?
}

# A checkout in which cmake "builds" a program that prints its arguments.
make_checkout() {
    rm -rf "${work:?}/tree" "${work:?}/bin" "$work/log"
    mkdir -p "$work/tree/tools/lib" "$work/tree/src" "$work/tree/cmake" "$work/tree/include" "$work/bin"
    cp "$source_dir/kloom" "$work/tree/"
    cp "$source_dir/tools/lib/setup.sh" "$work/tree/tools/lib/"
    touch "$work/tree/CMakeLists.txt" "$work/tree/src/a.cpp"
    stand_in dpkg-query 'echo installed'
    stand_in cmake '
echo "cmake $*" >>"'"$work"'/log"
case $1 in
    -S) mkdir -p "$4"; echo "CMAKE_HOME_DIRECTORY:INTERNAL=$2" >"$4/CMakeCache.txt" ;;
    --build)
        if grep -q mistake "'"$work"'/tree/src/a.cpp"; then echo "a.cpp:1:1: error: a mistake"; exit 1; fi
        echo "[1/1] Building a.cpp"
        mkdir -p "$2/bin"
        printf "#!/bin/sh\nprintf \"[%%s]\" \"\$@\"\nexit 3\n" >"$2/bin/kloom"
        chmod +x "$2/bin/kloom" ;;
esac'
}

builds() { grep -c -- --build "$work/log"; }

make_checkout
start "$work/tree/kloom" check 'a b.c'
expect "first start" 3 "building for the first time"
[[ $(cat "$work/out") == "[check][a b.c]" ]] || fail "arguments are passed on"

start "$work/tree/kloom"
expect "second start" 3 ""
[[ ! -s $work/err && $(builds) -eq 1 ]] || fail "the second start says and builds nothing"

ln -s "$work/tree/kloom" "$work/link"
cd / && start "$work/link"
expect "start through a link from another folder" 3 ""
[[ $(builds) -eq 1 ]] || fail "a link leads to the same build"

touch "$work/tree/src/b.cpp"
start "$work/tree/kloom"
expect "start after a change" 3 "the sources have changed"
[[ $(builds) -eq 2 ]] || fail "a new source is built"

rm "$work/tree/src/b.cpp"
start "$work/tree/kloom"
[[ $(builds) -eq 3 ]] || fail "a removed source is noticed"

echo mistake >"$work/tree/src/a.cpp"
start "$work/tree/kloom"
expect "failed build" 2 "the build failed: a.cpp:1:1: error: a mistake"
expect "failed build" 2 "build/release/build.log"

make_checkout
for _ in 1 2 3; do PATH=$work/bin:$PATH "$work/tree/kloom" >/dev/null 2>>"$work/err" & done
wait
[[ $(builds) -eq 1 ]] || fail "concurrent starts build once"

make_checkout
stand_in dpkg-query 'case "$*" in *libfmt-dev*) exit 1 ;; *) echo installed ;; esac'
stand_in id 'echo 1000'
stand_in sudo 'exit 1'
start "$work/tree/kloom"
expect "missing package without rights" 2 "these Debian packages are missing: libfmt-dev"
expect "missing package without rights" 2 "apt-get install -y libfmt-dev"

stand_in sudo 'shift; [ "$1" = true ] || exec "$@"'
stand_in apt-get 'echo "apt-get $*" >>"'"$work"'/log"'
start "$work/tree/kloom"
expect "missing package with rights" 3 "installing Debian packages: libfmt-dev"
grep -q 'apt-get install -y --no-install-recommends libfmt-dev' "$work/log" || fail "the package is installed"

stand_in apt-get 'echo "E: no network"; exit 1'
rm "$work/tree/build/release/kloom.stamp"
start "$work/tree/kloom"
expect "package that cannot be installed" 2 "could not install the packages: E: no network"

[[ $failures -eq 0 ]] && echo "launcher: all as expected"
exit $((failures > 0))
