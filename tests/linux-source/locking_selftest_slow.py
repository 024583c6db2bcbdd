#!/usr/bin/env python3
"""lib/locking-selftest.c of Linux, unmodified: each of its cases runs alone, in a process of its own, and kloom's findings
must be what the file expects of lockdep: a report, or none. The cases where they are not are listed, with the reason, in
locking_selftest_open.txt; the test fails when that list and the results disagree, in either direction."""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

CASES = 358
JOBS = 2
SKIPPED = 77

KLOOM = os.environ["KLOOM"]
ROOT = pathlib.Path(os.environ["KLOOM_SOURCE_DIR"])
FOLDER = ROOT / "tests" / "linux-source"
DRIVER = FOLDER / "locking_selftest_driver.c"
OPEN = FOLDER / "locking_selftest_open.txt"

# What counts as lockdep's report, by the name of the case; the first pattern that matches decides.
REPORTS = [
    (r"double_unlock_", {"unlock-not-owner"}),
    (r"init_held_", {"held-lock-freed"}),
    (r"ww_test_object_unlock_twice|ww_test_context_unlock_twice", {"unlock-not-owner"}),
    (r"ww_test_spin_(block|context)", {"sleep-in-atomic", "lock-order"}),
    (r"ww_", {"lock-misuse", "deadlock", "lock-order"}),
    (r"", {"deadlock", "lock-order"}),
]
# What a case in which lockdep is silent must not make kloom say. Not all findings: some cases leave locks held.
NOT_SILENT = {"assertion", "hang", "sleep-in-atomic"}.union(*(ids for _, ids in REPORTS))


def compile_flags(sources):
    return f"--cflags=-I{sources}"


def expected_verdicts(sources):
    """{name: (number, whether a report is expected)}, from what the driver prints when it runs none."""
    printed = subprocess.run([KLOOM, "run", str(DRIVER), compile_flags(sources)], capture_output=True, text=True)
    if printed.returncode != 0:
        sys.exit(f"FAILED: the list of cases:\n{printed.stdout}{printed.stderr}")
    cases = re.findall(r"\bcase (\d+) (\w+)(?: \[\w+\])? (report|ok)\n", printed.stdout)
    return {name: (int(number), verdict == "report") for number, name, verdict in cases}


def findings(sources, number):
    """The ids of what kloom finds in one case."""
    with tempfile.TemporaryDirectory() as scratch:
        checked = subprocess.run(
            [KLOOM, "check", str(DRIVER), compile_flags(sources), f"--param=only={number}", "--executions=1", "--json",
             f"--trace-dir={scratch}"],
            capture_output=True, text=True)
    try:
        return {finding["id"] for finding in json.loads(checked.stdout)["findings"]}
    except (ValueError, KeyError):
        sys.exit(f"FAILED: kloom check of case {number} ended with {checked.returncode}:\n{checked.stderr}")


def agrees(name, expects_report, ids):
    if not expects_report:
        return not ids & NOT_SILENT
    return bool(ids & next(accepted for pattern, accepted in REPORTS if re.match(pattern, name)))


def open_cases():
    """{name: reason}. A reason is a line that ends with a colon, and lines that begin with two spaces name its cases."""
    reasons = {}
    reason = None
    for line in OPEN.read_text().splitlines():
        if line.startswith("  "):
            reasons.update({name: reason for name in line.split()})
        elif line.endswith(":"):
            reason = line.removesuffix(":")
    return reasons


def main():
    source = subprocess.run([ROOT / "tools" / "linux_source"], capture_output=True, text=True)
    if source.returncode != 0:
        sys.stderr.write(source.stderr)
        sys.exit(SKIPPED if source.returncode == SKIPPED else 1)
    sources = pathlib.Path(source.stdout.strip()) / "lib"

    cases = expected_verdicts(sources)
    failures = []
    if len(cases) != CASES:
        failures.append(f"the file has {len(cases)} cases, expected {CASES}: it is another version")
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        found = dict(zip(cases, pool.map(lambda case: findings(sources, case[0]), cases.values())))
    listed = open_cases()
    failures += [f"{name} is listed but no case" for name in listed if name not in cases]
    agreed = 0
    for name, (number, expects_report) in cases.items():
        ids = found[name]
        verdict = f"{name} (only={number}): expected {'a report' if expects_report else 'none'}, found {sorted(ids)}"
        if agrees(name, expects_report, ids):
            agreed += 1
            if name in listed:
                failures.append(f"{verdict}; it is listed as open")
        elif name not in listed:
            failures.append(verdict)

    covered = len(cases) - len(listed)
    print(f"cases {len(cases)}, covered {covered}, of these agreed {agreed}")
    for reason in dict.fromkeys(listed.values()):
        print(f"{list(listed.values()).count(reason):4} open: {reason}")
    for failure in failures:
        print(f"FAILED: {failure}")
    sys.exit(1 if failures else 0)


main()
