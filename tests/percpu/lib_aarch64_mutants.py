#!/usr/bin/env python3
"""Makes programs of the proof by force whose sequences for aarch64 have one thing taken away; each must be found wrong.

Usage: lib_aarch64_mutants.py FOLDER STEP. Makes every STEP-th of them: writes FOLDER/mutant_NUMBER with its listing, and FOLDER/mutants: a line for each, its
program, the one operation to force, and its name.
"""

import concurrent.futures
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("KLOOM_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
SEQUENCES = "percpu/detail/sequence_aarch64.hpp"
FORCE = ROOT / "tests" / "percpu" / "force"
TOOLS = "aarch64-linux-gnu-"
COMPILER = TOOLS + "g++"
FLAGS = ["-std=c++20", "-O1"]

# Name, the operation that shows it, and what is replaced by what: every occurrence, at least one.
MUTANTS = [
    ("the arming store removed", "add_8",
     [('"str %[cpu], [%[area], #8]\\n"', '""')]),
    ("the section begins behind the address", "add_8",
     [('"91: ldrsw', '"ldrsw'), ('"add %[copy], %[base], %[cpu], lsl #16\\n"', '"add %[copy], %[base], %[cpu], lsl #16\\n91:"')]),
    ("the section covers one instruction", "add_8",
     [("91f, 92f - 91f, 94f", "91f, 4, 94f")]),
    ("the section ends before the commit", "add_8",
     [("91f, 92f - 91f, 94f", "91f, 92f - 91f - 4, 94f")]),
    ("the section ends behind the commit", "add_8",
     [("91f, 92f - 91f, 94f", "91f, 92f - 91f + 4, 94f")]),
    ("the CPU's number read before arming", "add_8",
     [('"90: " first', '"90: ldrsw x9, [%[area], #4]\\n" first'), ('"91: ldrsw %[cpu], [%[area], #4]\\n"', '"91: mov %[cpu], x9\\n"'),
      ('"x16", "x17"', '"x9", "x16", "x17"')]),
    ("the abort handler does not arm again", "add_8",
     [('"94: b 90b\\n"', '"94: b 91b\\n"')]),
    ("the abort handler goes on at the end", "add_8",
     [('"94: b 90b\\n"', '"94: b 92b\\n"')]),
    ("no signature before the abort handler", "add_8",
     [(".inst 0xd428bc00", ".inst 0xd428bc20")]),
    ("half the distance between units", "add_8",
     [("%[cpu], lsl #16", "%[cpu], lsl #15")]),
    ("compare_exchange does not compare", "compare_exchange_4",
     [('"b.ne 92f\\n"                                                                       \\\n', '"nop\\n" \\\n')]),
    ("compare_exchange_16 commits by a store of two registers", "compare_exchange_16",
     [('"stxp %w[failed], %[desired_low], %[desired_high], [%[copy]]\\n"',
       '"str %[desired_low], [%[copy]]\\nstr %[desired_high], [%[copy], #8]\\n"')]),
    ("stack_push counts before it stores", "stack_push",
     [('"str %[item], [%[next], #8]\\n"  // above the top: nobody\'s until the commit\n', '"mov x9, %[next]\\n"\n'),
      ('"str %[next], [%[copy]]\\n",\n               PERCPU_SEQ_COMMA[count] "=&r"(count) PERCPU_SEQ_COMMA[next] "=&r"(next),\n               PERCPU_SEQ_COMMA[item]',
       '"str %[next], [%[copy]]\\nstr %[item], [x9, #8]\\n",\n               PERCPU_SEQ_COMMA[count] "=&r"(count) PERCPU_SEQ_COMMA[next] "=&r"(next),\n               PERCPU_SEQ_COMMA[item]'),
      ('"x16", "x17"', '"x9", "x16", "x17"')]),
    ("list_push stores the head before the link", "list_push",
     [('"str %[head], [%[node]]\\n"  // the node is ours until the commit\n               "str %[node], [%[copy]]\\n"',
       '"str %[node], [%[copy]]\\n"\n               "str %[head], [%[node]]\\n"')]),
    ("add_unless does not ask the flag", "add_unless",
     [('"cbnz %w[is_set], 92f\\n"', '""')]),
    ("acquire does not ask the owner", "acquire",
     [('"cbnz %[found], 92f\\n"', '""')]),
]


def run(command, **options):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, **options)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done.stdout


def make(folder, number):
    name, _, replacements = MUTANTS[number]
    text = (ROOT / "include" / SEQUENCES).read_text()
    for old, new in replacements:
        if old not in text:
            sys.exit(f"mutant {name}: {old!r} is not in {SEQUENCES}")
        text = text.replace(old, new)
    header = folder / "include" / str(number) / SEQUENCES
    header.parent.mkdir(parents=True)
    header.write_text(text)
    program = folder / f"mutant_{number}"
    run([COMPILER, *FLAGS, f"-I{header.parents[2]}", f"-I{ROOT / 'include'}", "-static", "-no-pie", FORCE / "operations.cpp",
         folder / "force_main.o", "-pthread", "-o", program])
    header.unlink()
    listing, shown = [], False
    for line in run([TOOLS + "objdump", "-d", "--no-show-raw-insn", program]).splitlines():
        shown = "<force_" in line if line.endswith(">:") else shown
        listing += [line] if shown else []
    (folder / f"mutant_{number}.listing").write_text("\n".join(listing) + "\n")
    run([TOOLS + "strip", program])


def main():
    folder = pathlib.Path(sys.argv[1])
    chosen = range(0, len(MUTANTS), int(sys.argv[2]))
    run([COMPILER, *FLAGS, f"-I{ROOT / 'include'}", "-c", FORCE / "main.cpp", "-o", folder / "force_main.o"])
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda number: make(folder, number), chosen))
    lines = [f"mutant_{number} {operation} {name}\n" for number in chosen for name, operation, _ in [MUTANTS[number]]]
    (folder / "mutants").write_text("".join(lines))


if __name__ == "__main__":
    main()
