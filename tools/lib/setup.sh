# Sourced by ./kloom and the tools: Debian packages and the release build. The caller defines `root` and `build_dir`;
# `is_up_to_date` too, when it calls prepare_kloom. All functions speak on stderr and return 0 or 1; none exits.
# shellcheck shell=bash
# shellcheck disable=SC2154  # root and build_dir are the caller's

build_packages=(g++ gcc cmake libboost-context-dev libcli11-dev nlohmann-json3-dev libfmt-dev libdw-dev libelf-dev
    libtomlplusplus-dev libjs-chart.js)
# shellcheck disable=SC2034  # used by tools/test
test_packages=(libgtest-dev libbenchmark-dev clang libclang-rt-14-dev lld pkg-config python3 chromium)

say() { printf 'kloom: %s\n' "$*" >&2; }

# Prints those of the named packages that are not installed; ninja-build when neither ninja nor make is there.
missing_packages() {
    local package
    command -v dpkg-query >/dev/null || return 0
    for package in "$@"; do
        [[ $(dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null) == *installed* ]] || echo "$package"
    done
    command -v ninja >/dev/null || command -v make >/dev/null || echo ninja-build
}

# Prints the command that gives a package manager its rights, or fails when this user has none.
privilege_prefix() {
    [[ $(id -u) -eq 0 ]] && return 0
    sudo -n true 2>/dev/null && echo "sudo -n"
}

# Installs what is missing of the named packages, or says which they are and how to install them.
require_packages() {
    local missing prefix log
    mapfile -t missing < <(missing_packages "$@")
    [[ ${#missing[@]} -eq 0 ]] && return 0
    if ! prefix=$(privilege_prefix) || ! command -v apt-get >/dev/null; then
        say "these Debian packages are missing: ${missing[*]}"
        say "install them: sudo apt-get update && sudo apt-get install -y ${missing[*]}"
        return 1
    fi

    mkdir -p "$build_dir" || return 1
    log=$build_dir/packages.log
    say "installing Debian packages: ${missing[*]}"
    if compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null && apt_install "$prefix" "${missing[@]}" >"$log" 2>&1; then
        return 0
    fi
    # No package lists yet, or lists so old that the mirror has other versions by now.
    say "updating the package lists"
    if $prefix apt-get update >"$log" 2>&1 && apt_install "$prefix" "${missing[@]}" >>"$log" 2>&1; then
        return 0
    fi
    say "could not install the packages: $(grep -m 1 '^E: ' "$log" || tail -n 1 "$log") (log: $log)"
    say "install them by hand: sudo apt-get update && sudo apt-get install -y ${missing[*]}"
    return 1
}

apt_install() {
    local prefix=$1
    shift
    $prefix env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@"
}

# Copies a build's output to the log and shows how far it is: one line that is redrawn on a terminal, a line for each
# tenth elsewhere. Understands the progress marks of ninja ("[3/40]") and make ("[ 12%]").
show_progress() {
    local log=$1 line percent shown=-1
    while IFS= read -r line; do
        printf '%s\n' "$line" >>"$log"
        if [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]]; then
            percent=$((100 * BASH_REMATCH[1] / BASH_REMATCH[2]))
        elif [[ $line =~ ^\[\ *([0-9]+)%\] ]]; then
            percent=${BASH_REMATCH[1]}
        else
            continue
        fi
        if [[ -t 2 ]]; then
            printf '\r\033[Kkloom: building  %3d %%  %s' "$percent" "${line##*/}" >&2
        elif ((percent / 10 > shown)); then
            shown=$((percent / 10))
            say "building  $percent %"
        fi
    done
    [[ ! -t 2 ]] || printf '\r\033[K' >&2
}

# configure_build [cmake option...]: configures build_dir when it is new, was made by another checkout, or when options
# are given.
configure_build() {
    local cache=$build_dir/CMakeCache.txt generator=()
    if [[ -e $cache ]] && ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$root" "$cache"; then
        rm -rf -- "$cache" "$build_dir/CMakeFiles"
    fi
    [[ ! -e $cache || $# -gt 0 ]] || return 0
    if [[ ! -e $cache ]]; then
        set -- -DCMAKE_BUILD_TYPE=Release "$@"
        command -v ninja >/dev/null && generator=(-G Ninja)
    fi
    cmake -S "$root" -B "$build_dir" "${generator[@]}" "$@" >>"$build_dir/build.log" 2>&1 && return 0
    say "could not configure the build: $(grep -m 1 -A 2 'CMake Error' "$build_dir/build.log" | tr -s '\n ' ' ')(log: $build_dir/build.log)"
    return 1
}

# build_targets [cmake --build option...]: builds with progress; on failure names the first error and the log.
build_targets() {
    local log=$build_dir/build.log jobs
    jobs=$(nproc 2>/dev/null || echo 2)
    cmake --build "$build_dir" --parallel "$jobs" "$@" 2>&1 | show_progress "$log"
    [[ ${PIPESTATUS[0]} -eq 0 ]] && return 0
    say "the build failed: $(grep -m 1 -E ': (fatal )?error: |undefined reference to|CMake Error' "$log" || tail -n 1 "$log")"
    say "the whole log is in $log"
    return 1
}

# Takes the lock that keeps concurrent starts from building in the same folder; held until the process ends or
# release_build_lock.
take_build_lock() {
    if ! mkdir -p "$build_dir" 2>/dev/null || ! [[ -w $build_dir ]]; then
        say "cannot write to $build_dir"
        return 1
    fi
    exec {build_lock}>"$build_dir/lock"
    flock -n "$build_lock" && return 0
    say "waiting for another build in $build_dir"
    flock "$build_lock"
}

release_build_lock() { exec {build_lock}>&-; }

# build_stamped [cmake --build option...]: builds what includes the program, and stamps it. The stamp is taken before the
# build: a source that changes meanwhile is newer.
build_stamped() {
    local started=$build_dir/kloom.stamp.new
    touch "$started"
    build_targets "$@" && mv -f "$started" "$build_dir/kloom.stamp"
}

# Makes ./kloom ready to run: packages, then the program, by one process at a time.
prepare_kloom() {
    take_build_lock || return 1
    if is_up_to_date; then
        release_build_lock
        return 0
    fi
    require_packages "${build_packages[@]}" || return 1
    local options=()
    if [[ -e $build_dir/kloom.stamp ]]; then
        say "the sources have changed, building again"
    else
        say "building for the first time (release mode, in $build_dir)"
        [[ -e $build_dir/CMakeCache.txt ]] || options=(-DKLOOM_BUILD_TESTS=OFF)
    fi
    : >"$build_dir/build.log"
    configure_build "${options[@]}" && build_stamped --target kloom || return 1
    say "ready"
    release_build_lock
}
