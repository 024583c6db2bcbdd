#!/usr/bin/env python3
"""Two translation units that instantiate the same sequences, linked in the ways that programs are: compilers, optimisation,
position-independent or not, static, shared objects that are loaded and unloaded, link-time optimisation, sanitizers, linkers.
Each program is run with and without rseq. Prints one line for each; what cannot be had here is skipped and said so."""

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ.get("KLOOM_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
FOLDER = ROOT / "tests" / "percpu" / "links"
SECONDS_MAX = 120

# Name, flags, optimisation levels.
WAYS = [
    ("PIE", ["-fPIE", "-pie"], ["-O0", "-O1", "-O2", "-O3"]),
    ("not PIE", ["-fno-pie", "-no-pie"], ["-O2"]),
    ("static", ["-static"], ["-O2"]),
    ("shared", ["-fPIC"], ["-O0", "-O2"]),
    ("LTO", ["-flto", "-fPIE", "-pie"], ["-O2"]),
    ("gold", ["-fuse-ld=gold", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"], ["-O2"]),
    ("lld", ["-fuse-ld=lld", "-ffunction-sections", "-fdata-sections", "-Wl,--gc-sections"], ["-O2"]),
    ("ASan", ["-fsanitize=address"], ["-O1"]),
    ("UBSan", ["-fsanitize=undefined", "-fno-sanitize-recover=all"], ["-O1"]),
    ("TSan", ["-fsanitize=thread"], ["-O1"]),
]
JOBS = 2
LINKERS = {"gold": "ld.gold", "lld": "ld.lld"}


def run(command, **options):
    return subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)


def build(work, compiler, level, flags, name, include=ROOT / "include"):
    common = [compiler, "-std=c++20", level, "-g0", "-Wall", "-Wextra", "-Werror", f"-I{include}", f"-I{ROOT / 'src'}", *flags]
    if compiler == "clang++":
        common.append("-Qunused-arguments")  # linker options while compiling
    objects = []
    for source in sorted((ROOT / "src" / "percpu").glob("*.cpp")):
        objects.append(work / (source.stem + ".o"))
        compiled = run(common + ["-c", source, "-o", objects[-1]])
        if compiled.returncode != 0:
            return compiled
    if name != "shared":
        return run(common + [FOLDER / "one.cpp", FOLDER / "two.cpp", *objects, "-pthread", "-o", work / "program"])
    # The library and the other translation unit in shared objects, and a plugin beside them.
    for output, inputs in (("libpercpu.so", objects), ("libtwo.so", [FOLDER / "two.cpp"]), ("plugin.so", [FOLDER / "plugin.cpp"])):
        linked = run(common + ["-shared", *inputs, "-L", work, *([] if output == "libpercpu.so" else ["-lpercpu"]), "-o", work / output])
        if linked.returncode != 0:
            return linked
    return run(common + ["-fPIE", "-pie", FOLDER / "one.cpp", "-L", work, "-ltwo", "-lpercpu", f"-Wl,-rpath,{work}", "-pthread",
                         "-o", work / "program"])


def failure(work, name):
    """Runs the program with and without rseq; returns what is wrong, or None and the modes."""
    arguments = [work / "plugin.so"] if name == "shared" else []
    modes = []
    for tunable in ("glibc.pthread.rseq=1", "glibc.pthread.rseq=0"):
        result = run([work / "program", *arguments], env={**os.environ, "GLIBC_TUNABLES": tunable}, timeout=SECONDS_MAX)
        if result.returncode != 0:
            return f"{tunable}: exit status {result.returncode}\n{result.stdout}{result.stderr}", modes
        modes.append(result.stdout.strip())
    return None, modes


def try_one(compiler, level, name, flags):
    """Returns True, False, or None when it was skipped."""
    with tempfile.TemporaryDirectory() as folder:
        return try_in(pathlib.Path(folder), compiler, level, name, flags)


def can_link(work, compiler, flags):
    source = work / "empty.cpp"
    source.write_text("int main() {}\n")
    return run([compiler, *flags, source, "-o", work / "empty"]).returncode == 0


def try_in(work, compiler, level, name, flags):
    label = f"{compiler} {level} {name}"
    if name in LINKERS and shutil.which(LINKERS[name]) is None:
        print(f"skipped   {label}: there is no {LINKERS[name]}")
        return None
    if name == "LTO" and compiler == "clang++":
        flags = flags + ["-fuse-ld=lld"]
        if shutil.which("ld.lld") is None:
            print(f"skipped   {label}: there is no ld.lld")
            return None
    if not can_link(work, compiler, flags):
        print(f"skipped   {label}: {compiler} cannot link even an empty program so (a sanitizer's library is missing?)")
        return None
    built = build(work, compiler, level, flags, name)
    if built.returncode != 0:
        print(f"FAILED    {label}: does not link\n{built.stderr[:2000]}")
        return False
    wrong, modes = failure(work, name)
    if wrong is not None:
        print(f"FAILED    {label}: {wrong[:2000]}")
        return False
    print(f"passed    {label}: {', '.join(modes)}")
    return True


def fails_without_group_flag(work):
    """The flag "?" of the sections is what makes it link; without it the matrix must see the failure."""
    include = work / "include"
    shutil.copytree(ROOT / "include" / "percpu", include / "percpu", dirs_exist_ok=True)
    header = include / "percpu" / "detail" / "sequence_x86_64.hpp"
    header.write_text(header.read_text().replace('\\"aw?\\"', '\\"aw\\"').replace('\\"ax?\\"', '\\"ax\\"'))
    # Functions that both units have must be there as functions: not inlined.
    built = build(work, "g++", "-O0", ["-fPIE", "-pie"], "PIE", include)
    is_killed = built.returncode != 0 and "discarded section" in built.stderr
    print(("killed    " if is_killed else "SURVIVED  ") + "mutant: sections without the group flag")
    return is_killed


def crashes_without_disarming(work):
    """A plugin that leaves its sequences armed makes the kernel read what is no longer there."""
    built = build(work, "g++", "-O2", ["-fPIC", "-DPERCPU_DISARM=0"], "shared")
    if built.returncode != 0:
        print(f"FAILED    mutant without disarming does not link\n{built.stderr}")
        return False
    wrong, modes = failure(work, "shared")
    is_killed = wrong is not None or modes[0] != "rseq"
    print(("killed    " if is_killed else "SURVIVED  ") + "mutant: shared objects that do not disarm")
    return is_killed


def main():
    tasks = []
    for compiler in ("g++", "clang++"):
        if shutil.which(compiler) is None:
            print(f"skipped   {compiler}: not installed")
            continue
        tasks += [(compiler, level, name, flags) for name, flags, levels in WAYS for level in levels]
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        results = list(pool.map(lambda task: try_one(*task), tasks))
    mutants = []
    if os.uname().machine == "x86_64":
        for mutant in (fails_without_group_flag, crashes_without_disarming):
            with tempfile.TemporaryDirectory() as folder:
                mutants.append(mutant(pathlib.Path(folder)))
    print(f"{results.count(True)} of {len(results)} ways passed, {results.count(None)} skipped; "
          f"{mutants.count(True)} of {len(mutants)} mutants killed")
    sys.exit(0 if False not in results + mutants and True in results else 1)


if __name__ == "__main__":
    main()
