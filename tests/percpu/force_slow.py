#!/usr/bin/env python3
"""The sequences are proved by force (force/main.cpp), and the proof is proved by mutants: copies of the sequences with one
thing taken away, each of which must be found wrong. Prints the kill list."""

# Runs alone: a thread that is migrated to a busy CPU waits.

import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(os.environ.get("KLOOM_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])
SEQUENCES = "percpu/detail/sequence_x86_64.hpp"
SECONDS_MAX = 120
SKIPPED = 77

# Name, and what is replaced by what: every occurrence, at least one.
MUTANTS = [
    ("the arming store removed",
     [('"movq %[t], %%fs:8(%[area])\\n"', '""')]),
    ("the section begins behind the address",
     [('"91: movl %%fs:4', '"movl %%fs:4'), ('"addq %[handle], %[t]\\n"', '"addq %[handle], %[t]\\n91:"')]),
    ("the section covers one instruction",
     [('91f, 92f - 91f, 94f', '91f, 1, 94f')]),
    ("the section ends in the middle",
     [('91f, 92f - 91f, 94f', '91f, (92f - 91f) / 2, 94f')]),
    ("the CPU's number read before arming",
     [('"90: leaq', '"90: movl %%fs:4(%[area]), %%r11d\\n leaq'), ('"91: movl %%fs:4(%[area]), %k[t]\\n"',
                                                                  '"91: movl %%r11d, %k[t]\\n"'),
      ('"memory", "cc");', '"memory", "cc", "r11");')]),
    ("the abort handler does not arm again",
     [('"94: jmp 90b\\n"', '"94: jmp 91b\\n"')]),
    ("the abort handler goes on at the end",
     [('"94: jmp 90b\\n"', '"94: jmp 92b\\n"')]),
    ("no signature before the abort handler",
     [('".long 0x53053053\\n"', '".long 0x53053054\\n"')]),
    ("the sign check removed",
     [('"js 95f\\n"', '""')]),
    ("cpu_id_start instead of cpu_id",
     [('"91: movl %%fs:4', '"91: movl %%fs:0')]),
    ("half the distance between units",
     [('"shlq $16, %[t]\\n"', '"shlq $15, %[t]\\n"')]),
    ("no lock prefix without rseq",
     [('"lock ', '"')]),
    ("without rseq on the copy of CPU 0",
     [('#define PERCPU_SEQ_NO_CPU_COPY "65536', '#define PERCPU_SEQ_NO_CPU_COPY "131072')]),
    ("add_return commits before its end",
     [('"mov" suffix " " PERCPU_SEQ_COPY ", %" modifier "[value]\\n"               \\\n'
       '                   "add" suffix " %" modifier "[addend], %" modifier "[value]\\n"             \\\n'
       '                   "mov" suffix " %" modifier "[value], " PERCPU_SEQ_COPY "\\n",',
       '"add" suffix " %" modifier "[addend], " PERCPU_SEQ_COPY "\\n"               \\\n'
       '                   "mov" suffix " " PERCPU_SEQ_COPY ", %" modifier "[value]\\n",')]),
    ("stack_push counts before it stores",
     [('"movq %[item], 131080(%[t], %[count], 8)\\n"  // above the top: nobody\'s until the commit\n', ''),
      ('"movq %[count], " PERCPU_SEQ_COPY "\\n",\n               PERCPU_SEQ_LEAVE,\n'
       '               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[count] "=&r"(count),\n',
       '"movq %[count], " PERCPU_SEQ_COPY "\\n movq %[item], 131072(%[t], %[count], 8)\\n",\n               PERCPU_SEQ_LEAVE,\n'
       '               PERCPU_SEQ_COMMA[done] "+&r"(done) PERCPU_SEQ_COMMA[count] "=&r"(count),\n')]),
    ("list_push stores the head before the link",
     [('"movq %[head], (%[node])\\n"  // the node is ours until the commit\n', ''),
      ('"movq %[node], " PERCPU_SEQ_COPY "\\n"', '"movq %[node], " PERCPU_SEQ_COPY "\\n movq %[head], (%[node])\\n"')]),
    ("add_unless does not ask the flag",
     [('"cmpl $0, (%[flag])\\n"', '"cmpl %%eax, %%eax\\n"')]),
    ("acquire does not ask the owner",
     [('"cmpq $0, (%[where])\\n"', '"cmpq %%rax, %%rax\\n"')]),
]


def compile_force(compiler, flags, include, output):
    sources = sorted(str(path) for path in (ROOT / "tests" / "percpu" / "force").glob("*.cpp"))
    return subprocess.run([compiler, "-std=c++20", "-O1", "-no-pie", *flags, f"-I{include}", f"-I{ROOT / 'include'}",
                           *sources, "-pthread", "-o", output], capture_output=True, text=True, check=False)


def run_force(program, with_rseq):
    """Returns the exit status and the last line; a program that does not end is stopped."""
    environment = dict(os.environ)
    if not with_rseq:
        environment["GLIBC_TUNABLES"] = "glibc.pthread.rseq=0"
    try:
        result = subprocess.run([program] + ([] if with_rseq else ["--no-rseq"]), capture_output=True, text=True, check=False,
                                env=environment, timeout=SECONDS_MAX)
    except subprocess.TimeoutExpired:
        return 1, "does not end"
    lines = result.stdout.strip().splitlines()
    first_violation = next((line.strip() for line in lines if "violation:" in line), "")
    return result.returncode, (first_violation[:150] if result.returncode == 1 else "\n".join(lines))


def prove(work):
    """The sequences as they are."""
    failures = 0
    # What a thread without rseq does is the same locked instruction whoever compiles it.
    for compiler, flags, modes in (("g++", ["-O2"], (True, False)), ("clang++", ["-O2"], (True,)),
                                   ("g++", ["-O2", "-DPERCPU_DISARM=1"], (True,))):
        label = " ".join([compiler] + flags)
        if shutil.which(compiler) is None:
            print(f"{label}: skipped, there is no {compiler}")
            continue
        program = work / "force"
        built = compile_force(compiler, flags, ROOT / "include", program)
        if built.returncode != 0:
            print(f"{label}: does not compile\n{built.stderr}")
            failures += 1
            continue
        for with_rseq in modes:
            status, said = run_force(program, with_rseq)
            print(f"{label}: {said}")
            if status == SKIPPED:
                sys.exit(SKIPPED)
            failures += status != 0
    return failures


def make_mutant(work, name, replacements):
    """The mutant's program; None when it cannot be made."""
    header = work / SEQUENCES
    header.parent.mkdir(parents=True)
    text = (ROOT / "include" / SEQUENCES).read_text()
    for old, new in replacements:
        if old not in text:
            print(f"  NOT MADE  {name}: {old!r} is not in {SEQUENCES}")
            return None
        text = text.replace(old, new)
    header.write_text(text)
    built = compile_force("g++", [], work, work / "mutant")
    if built.returncode != 0:
        print(f"  NOT MADE  {name}: does not compile\n{built.stderr}")
        return None
    return work / "mutant"


def kill(name, program):
    """Returns whether the mutant was found wrong."""
    if program is None:
        return False
    is_about_others = "without rseq" in name  # then these show it, if any
    for with_rseq in (not is_about_others, is_about_others):
        status, said = run_force(program, with_rseq)
        if status != 0:
            print(f"  killed    {name}: {said}")
            return True
    print(f"  SURVIVED  {name}")
    return False


def main():
    if os.uname().machine != "x86_64":
        print("skipped: the sequences are x86-64's")
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            made = [pool.submit(make_mutant, work / str(number), *mutant) for number, mutant in enumerate(MUTANTS)]
            programs = [program.result() for program in made]
        failures = prove(work)
        killed = sum(kill(name, program) for (name, _), program in zip(MUTANTS, programs))
    print(f"{killed} of {len(MUTANTS)} mutants killed")
    sys.exit(1 if failures or killed != len(MUTANTS) else 0)


if __name__ == "__main__":
    main()
