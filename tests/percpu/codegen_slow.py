#!/usr/bin/env python3
"""Counts the instructions of the fast paths, slow ways included where the compiler puts them into the same function, and fails
when one has grown. UPDATE_GOLDEN=1 writes the counts of today."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ.get("KLOOM_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
FOLDER = ROOT / "tests" / "percpu" / "codegen"
GOLDEN = FOLDER / "instructions.golden"
SKIPPED = 77


def version(compiler):
    """The compiler with its major version, which the counts belong to."""
    text = subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True, check=True).stdout
    return f"{compiler}-{text.split('.')[0].strip()}"


def counts(compiler, work):
    output = work / "fast_paths.o"
    subprocess.run([compiler, "-std=c++20", "-O2", "-fPIE", f"-I{ROOT / 'include'}", "-c", FOLDER / "fast_paths.cpp", "-o", output],
                   check=True)
    objdump = compiler.removesuffix("g++") + "objdump" if compiler.endswith("-g++") else "objdump"
    listing = subprocess.run([objdump, "-d", "--no-show-raw-insn", output], capture_output=True, text=True, check=True).stdout
    result, function = {}, None
    for line in listing.splitlines():
        if match := re.match(r"[0-9a-f]+ <(.+)>:", line):
            function = match.group(1).removeprefix("path_") if match.group(1).startswith("path_") else None
        elif function and ".cold" not in function and re.match(r" +[0-9a-f]+:\t", line) and "nop" not in line and "data16" not in line:
            result[function] = result.get(function, 0) + 1
    return result


def main():
    compilers = sys.argv[1:] or ["g++", "clang++"]
    if not sys.argv[1:] and (os.uname().machine != "x86_64" or shutil.which("objdump") is None):
        print("skipped: the counts are those of x86-64, and objdump makes them")
        sys.exit(SKIPPED)
    golden = {}
    if GOLDEN.exists():
        for line in GOLDEN.read_text().splitlines():
            compiler, function, count = line.split()
            golden[compiler, function] = int(count)
    found, grown = dict(golden), []
    compared = 0
    for compiler in filter(shutil.which, compilers):
        with tempfile.TemporaryDirectory() as folder:
            for function, count in counts(compiler, pathlib.Path(folder)).items():
                key = version(compiler), function
                compared += 1
                known = golden.get(key)
                found[key] = count
                if known is None:
                    print(f"{key[0]} {function}: {count} instructions, not compared: no count for this compiler")
                elif count > known:
                    grown.append(f"{key[0]} {function}: {count} instructions, at most {known}")
    if os.environ.get("UPDATE_GOLDEN"):
        GOLDEN.write_text("".join(f"{compiler} {function} {count}\n" for (compiler, function), count in sorted(found.items())))
    print("\n".join(grown) if grown else f"{compared} fast paths have not grown")
    sys.exit(1 if grown else 0)


if __name__ == "__main__":
    main()
