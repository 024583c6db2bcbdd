#!/usr/bin/env bash
# The library builds alone, needs libc only, and its installed package serves a project outside: by CMake and by pkg-config.
set -eu

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
log=$work/log

fail() {
    printf 'FAILED: %s\n' "$1"
    tail -n 30 "$log"
    exit 1
}

cmake -S "$KLOOM_SOURCE_DIR" -B "$work/build" -DKLOOM_PERCPU_ONLY=ON -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 || fail "it does not configure alone"
cmake --build "$work/build" >>"$log" 2>&1 || fail "it does not build alone"
cmake --install "$work/build" --prefix "$work/prefix" >>"$log" 2>&1 || fail "it does not install"

library=$(find "$work/prefix" -name libkloom_percpu.a)
foreign=$(nm -u "$library" | awk '$1 == "U" {print $2}' | sort -u | grep -E '^(_ZSt|_ZNSt|_ZN[A-Z0-9]*std|_Zn|_Zd|__cxa|__gxx|__dso)' || true)
[[ -z $foreign ]] || fail "the library needs more than libc: $foreign"

cmake -S "$KLOOM_SOURCE_DIR/examples/percpu" -B "$work/example" -DCMAKE_PREFIX_PATH="$work/prefix" -DCMAKE_BUILD_TYPE=Release >"$log" 2>&1 ||
    fail "find_package(kloom) does not find it"
cmake --build "$work/example" >>"$log" 2>&1 || fail "the example does not build"
"$work/example/request_counter" >"$log" 2>&1 || fail "the example fails"
grep -qx '200000 requests, .* bytes' "$log" || fail "the example prints something else"
cat "$log"

command -v pkg-config >/dev/null || { echo "skipped: pkg-config is not installed, its part was not tried"; exit 0; }
path=$(dirname "$(find "$work/prefix" -name kloom-percpu.pc)")
# The prefix is the one of the installation, not the one that was configured.
flags=$(PKG_CONFIG_PATH=$path pkg-config --define-variable=prefix="$work/prefix" --cflags --libs kloom-percpu) || fail "pkg-config"
# shellcheck disable=SC2086  # flags are words
${CXX:-c++} -std=c++20 -O2 "$KLOOM_SOURCE_DIR/examples/percpu/request_counter.cpp" $flags -pthread -o "$work/by_pkg_config" 2>"$log" ||
    fail "the example does not build with pkg-config's flags"
"$work/by_pkg_config" >/dev/null || fail "the example built with pkg-config's flags fails"
