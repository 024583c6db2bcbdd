#!/usr/bin/env bash
# aarch64: the library and its tests are cross-compiled; what the compiler made is looked at; the tests run in QEMU's emulation of a
# process, which has no rseq, and in an emulated computer with Debian's kernel, where it is active.
#
# With the argument "all" (before a change to the sequences lands) all mutants and the disarming sequences, which only shared
# objects have, are forced too; without it every fifth mutant.
#
# Programs and kernel are kept in build/aarch64 and made anew when their sources change. What cannot be had is skipped with
# its reason; 77 when that is the compiler.
set -u

root=${KLOOM_SOURCE_DIR:-$(dirname -- "$(dirname -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")")")}
build_dir=$root/build/aarch64
source "$root/tools/lib/setup.sh"

here=$root/tests/percpu
gtest=/usr/src/googletest/googletest
prefix=aarch64-linux-gnu
sysroot=/usr/$prefix
seconds_max=300
if [[ ${1:-} == all ]]; then
    forced=(force force_disarm)
    mutants_step=1
else
    forced=(force)
    mutants_step=5
fi
failures=0

fail() {
    printf 'FAILED: %s\n' "$1"
    failures=$((failures + 1))
}

# ---- building ------------------------------------------------------------------------------------------------------

# Names the folder of the programs by all that they are made from.
programs_folder() {
    local digest
    digest=$(cd "$root" && echo "$mutants_step" | cat - <(find include/percpu src/percpu tests/unit/percpu tests/percpu/{force,links,aarch64} \
        tests/percpu/{aarch64_slow.sh,lib_aarch64_mutants.py} -type f -print0 | sort -z | xargs -0 sha256sum) <($prefix-g++ --version) | sha256sum | cut -c1-16)
    echo "$build_dir/programs-$digest"
}

# Prints the compilations, one a line, longest first. Each writes what it makes into the current folder.
compilations() {
    local common="$prefix-g++ -std=c++20 -O2 -g0 -Wall -Wextra -Werror -I$root/include -I$root/src -I$root/tests" source
    local library=("$root"/src/percpu/*.cpp)
    echo "$prefix-g++ -std=c++20 -O0 -I$gtest/include -I$gtest -c $gtest/src/gtest-all.cc -o gtest.o"
    for source in "$root"/tests/unit/percpu/*.cpp; do
        echo "$common -O1 -isystem $gtest/include -c $source -o unit_$(basename "$source").o"
    done
    echo "$common -static -no-pie $here/force/*.cpp -pthread -o force"
    [[ ${#forced[@]} -eq 1 ]] || echo "$common -static -no-pie -DPERCPU_DISARM=1 $here/force/*.cpp -pthread -o force_disarm"
    echo "$common -shared -fPIC ${library[*]} -o libpercpu.so"
    for source in "${library[@]}"; do echo "$common -c $source -o library_$(basename "$source").o"; done
    echo "$common -c $here/aarch64/status.cpp -o status.o"
    echo "$common -fPIC -shared $here/links/two.cpp -o libtwo.so"
    echo "$common -fPIC -shared $here/links/plugin.cpp -o plugin.so"
    echo "$common -fPIE -c $here/links/one.cpp -o one.o"
    echo "$common -fPIE -c $here/links/two.cpp -o two.o"
    echo "$prefix-gcc -O2 -static $here/aarch64/init.c -o init"
}

list_operations() {
    $prefix-objdump -d --no-show-raw-insn "$1" | awk '/^[0-9a-f]+ <force_/ {shown = 1} /^$/ {shown = 0} shown' >"$1.listing"
}

link_programs() {
    $prefix-g++ -static unit_*.o gtest.o "$1" library_*.o -pthread -o unit &&
        $prefix-g++ -static status.o library_*.o -pthread -o status &&
        $prefix-g++ -static one.o two.o library_*.o -pthread -o links_static &&
        $prefix-g++ -pie one.o -L. -ltwo -lpercpu -Wl,-rpath,'$ORIGIN' -pthread -o links_shared &&
        for program in "${forced[@]}"; do list_operations "$program"; done &&
        $prefix-strip unit status links_static links_shared ./*.so
}

build_programs() {
    local folder=$1 work log=$build_dir/programs.log
    [[ ! -e $folder ]] || return 0
    rm -rf "$build_dir"/programs-*
    work=$(mktemp -d "$build_dir/work.XXXXXX")
    (
        cd "$work" &&
            compilations | xargs -P "$(nproc)" -I{} sh -c '{} || exit 255' &&
            $prefix-g++ -std=c++20 -O0 -I$gtest/include -c $gtest/src/gtest_main.cc -o main.o &&
            link_programs main.o && "$here/lib_aarch64_mutants.py" . "$mutants_step" && rm -rf ./*.o include
    ) >"$log" 2>&1 && mv "$work" "$folder" && return 0
    rm -rf "$work"
    tail -n 30 "$log"
    return 1
}

# ---- the compiler's output -----------------------------------------------------------------------------------------

look_at_code() {
    "$here/codegen_slow.py" $prefix-g++ || fail "a fast path has grown"
    local program
    for program in "${forced[@]}"; do
        "$here/lib_sequences.py" $prefix-objdump "$programs/$program" || fail "a sequence of $program is not as it must be"
    done
}

# ---- an emulated process -------------------------------------------------------------------------------------------

run_as_process() {
    local log=$build_dir/process.log filter
    command -v qemu-aarch64 >/dev/null || { echo "skipped: qemu-user is not installed, no tests in an emulated process"; return; }
    # They start many processes, which takes this emulator a minute.
    filter="-Fork.*"
    {
        qemu-aarch64 "$programs/status" &&
            qemu-aarch64 "$programs/unit" --gtest_brief=1 --gtest_filter="$filter" &&
            qemu-aarch64 "$programs/links_static" &&
            qemu-aarch64 -L $sysroot "$programs/links_shared" "$programs/plugin.so"
    } >"$log" 2>&1 || { tail -n 30 "$log"; return 1; }
    echo "emulated process, $(qemu-aarch64 --version | head -n 1): $(head -n 1 "$log")"
    grep -E 'tests ran|PASSED' "$log" | sed 's/\x1b\[[0-9;]*m//g'
}

# ---- an emulated computer ------------------------------------------------------------------------------------------

# apt as another computer's: it has lists of its own and knows nothing of what is installed here.
apt_of_aarch64() {
    local command=$1 state=$build_dir/apt
    shift
    mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
    "$command" -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o Dir::State="$state" -o Dir::State::status=/dev/null \
        -o Dir::Cache="$state/cache" "$@"
}

# Prints the kernel's path; it is unpacked, never installed.
kernel() {
    local work package image=$build_dir/vmlinuz
    if [[ ! -e $image ]]; then
        work=$(mktemp -d "$build_dir/work.XXXXXX")
        (
            cd "$work" && apt_of_aarch64 apt-get -qq update &&
                package=$(apt_of_aarch64 apt-cache depends linux-image-cloud-arm64 | awk '/Depends: linux-image/ {print $2}') &&
                apt_of_aarch64 apt-get -qq download "$package" &&
                dpkg-deb --fsys-tarfile ./*.deb | tar -xO "./boot/vmlinuz-${package#linux-image-}" >vmlinuz && [[ -s vmlinuz ]] &&
                echo "$package" >"$image.package" && mv vmlinuz "$image"
        ) >"$build_dir/kernel.log" 2>&1
        rm -rf "$work"
    fi
    [[ -e $image ]] && echo "$image"
}

# What runs there: each line a name and a command.
plan() {
    echo "status /status"
    echo "links_static /links_static"
    echo "links_shared /links_shared /plugin.so"
    # One interference at each place of each operation; pairs of them are force_slow's, they would take hours here.
    local program
    for program in "${forced[@]}"; do echo "$program /$program --listing /$program.listing --every 1000000"; done
    echo "unit /unit --gtest_brief=1"
    awk '{print $1, "/" $1, "--listing /" $1 ".listing --every 5 --only", $2}' "$programs/mutants"
}

make_ram_disk() {
    local work=$1 library
    mkdir -p "$work"/{proc,sys,dev,tmp,lib}
    cp "$programs"/{init,status,unit,links_static,links_shared,libpercpu.so,libtwo.so,plugin.so} "$programs"/{force,mutant}* "$work"
    for library in ld-linux-aarch64.so.1 libc.so.6 libm.so.6 libgcc_s.so.1 libstdc++.so.6; do cp -L "$sysroot/lib/$library" "$work/lib"; done
    plan >"$work/plan"
    (cd "$work" && find . | cpio --quiet -o -H newc -R 0:0) >"$build_dir/ram_disk.cpio"
}

# Each must have been found wrong: the proof by force ends with 1 then, and with another number when it could not be made.
count_mutants() {
    local program name total=0 killed=0
    while read -r program _ name; do
        total=$((total + 1))
        if grep -qx "end $program 1" "$1"; then killed=$((killed + 1)); else fail "the mutant survived: $name"; fi
    done <"$programs/mutants"
    echo "$killed of $total mutants killed"
}

run_as_computer() {
    local image work log=$build_dir/computer.log name
    command -v qemu-system-aarch64 >/dev/null || { echo "skipped: qemu-system-arm is not installed, rseq was not active anywhere"; return; }
    image=$(kernel) || {
        echo "skipped: no kernel for aarch64 from Debian's mirror, rseq was not active anywhere: $(tail -n 1 "$build_dir/kernel.log")"
        return
    }
    work=$(mktemp -d "$build_dir/work.XXXXXX")
    make_ram_disk "$work"
    rm -rf "$work"
    timeout $seconds_max qemu-system-aarch64 -M virt -cpu cortex-a57 -smp 2 -m 512 -nodefaults -display none -serial stdio -no-reboot \
        -kernel "$image" -initrd "$build_dir/ram_disk.cpio" -append "console=ttyAMA0 quiet panic=-1 rdinit=/init" \
        2>&1 </dev/null | tr -d '\r' >"$log"
    echo "emulated computer, $(cat "$image.package"): $(grep -m 1 '^rseq is' "$log")"
    sed '/^begin mutant/,/^end mutant/d' "$log" | grep -E 'PASSED|FAILED|violation|operations,' |
        sed 's/\x1b\[[0-9;]*m//g'
    for name in $(plan | cut -d' ' -f1 | grep -v '^mutant_'); do
        grep -qx "end $name 0" "$log" || fail "$name in the emulated computer (log: $log)"
    done
    count_mutants "$log"
    grep -qx 'rseq is active' "$log" || fail "rseq is not active in the emulated computer"
    [[ $failures -eq 0 ]] || tail -n 40 "$log"
}

# ---- all of it -----------------------------------------------------------------------------------------------------

mkdir -p "$build_dir"
require_packages g++-aarch64-linux-gnu || { echo "skipped: the cross compiler g++-aarch64-linux-gnu cannot be had"; exit 77; }
require_packages qemu-user || true
require_packages qemu-system-arm cpio || true
[[ -e $gtest/src/gtest-all.cc ]] || { echo "skipped: $gtest is missing, libgtest-dev brings it"; exit 77; }

programs=$(programs_folder)
build_programs "$programs" || { echo "FAILED: it does not build for aarch64"; exit 1; }
look_at_code
run_as_process &
process=$!
run_as_computer
wait $process || fail "the tests in an emulated process"
exit $((failures != 0))
