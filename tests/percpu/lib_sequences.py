#!/usr/bin/env python3
"""Checks each restartable sequence of an aarch64 program that is linked at fixed addresses, by its disassembly:

- the descriptor lies at a multiple of 32 and names the beginning, the commit and the abort handler
- it is what the sequence arms with, and arming is the last instruction before the beginning
- the signature is the word before the abort handler, which goes back to where arming begins
- inside, nothing calls, returns or traps, every branch leaves through the end, and the CPU's number is read and its sign looked at first
- the copy is stored to once, by the last instruction; of an operation that only reads, never

Usage: lib_sequences.py OBJDUMP PROGRAM [EXPECTED-NUMBER]
"""

import re
import struct
import subprocess
import sys

SIGNATURE = 0xd428bc00
STORES = re.compile(r"(str|stp|stur|stlr|stxr|stlxr|stxp|stlxp|stnp|cas|swp|ldadd|ldset|ldclr|ldeor)[a-z]*$")
BRANCHES = re.compile(r"(b|b\.\w+|cbz|cbnz|tbz|tbnz)$")
# The first word of a node, and the place above a stack's top, belong to nobody else until the commit.
STORES_BEFORE_COMMIT = {"stack_push": 1, "list_push": 1}


class Program:
    def __init__(self, objdump, path):
        self.instructions, self.words, self.function_of, self.descriptors = {}, {}, {}, []
        function = ""
        for line in self._run(objdump, "-d", path):
            if match := re.match(r"[0-9a-f]+ <(.+)>:", line):
                function = match.group(1)
            elif match := re.match(r" +([0-9a-f]+):\t([0-9a-f]{8}) \t(\S+)\s*([^/]*)", line):
                address = int(match.group(1), 16)
                self.words[address] = int(match.group(2), 16)
                self.instructions[address] = match.group(3), re.sub(r" <[^>]*>", "", match.group(4)).strip()
                self.function_of[address] = function
        data, begin = b"", None
        for line in self._run(objdump, "-s", "-j", "__rseq_cs", path):
            if match := re.match(r" ([0-9a-f]+) ((?:[0-9a-f]{2,8} ){1,4})", line):
                begin = int(match.group(1), 16) if begin is None else begin
                data += bytes.fromhex(match.group(2))
        for offset in range(0, len(data), 32):
            self.descriptors.append((begin + offset, *struct.unpack("<IIQQQ", data[offset:offset + 32])))

    @staticmethod
    def _run(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def target(operands):
    return int(operands.split(",")[-1].strip().removeprefix("0x"), 16)


def defects(program, descriptor):
    """What is wrong with one sequence, as texts."""
    address, version, flags, start, length, abort = descriptor
    end = start + length
    inside = [program.instructions.get(place, ("?", "")) for place in range(start, end, 4)]
    if address % 32 or version or flags or length % 4 or len(inside) < 4 or ("?", "") in inside:
        return ["the descriptor is not one, or it names too little"]
    wrong = arming_defects(program, address, start)
    if start <= abort < end or program.words.get(abort - 4) != SIGNATURE:
        wrong.append("no signature before the abort handler, or it is inside")
    back = program.instructions.get(abort, ("?", ""))
    again = program.instructions.get(start - 12, ("?", ""))[0], program.instructions.get(start - 16, ("?", ""))
    goes_to = target(back[1]) if back[0] == "b" else 0
    if again[0] != "adrp" or goes_to not in (start - 12, start - 16 if again[1][0] == "mov" else start - 12):
        wrong.append(f"the abort handler does not go back to arming: {back}")
    return wrong + inside_defects(program.function_of[start], inside, end)


def arming_defects(program, address, start):
    (_, page), (addition, parts), (store, stored) = (program.instructions.get(start - back, ("?", "")) for back in (12, 8, 4))
    register = stored.split(",")[0]
    base = re.search(r"\[(\w+), #8\]", stored)
    low = re.fullmatch(rf"{register}, {register}, #0x([0-9a-f]+)", parts)
    if store != "str" or addition != "add" or not base or not low or not page.startswith(register + ","):
        return [f"it is not armed right before the beginning: {store} {stored}"]
    wrong = []
    if target(page) + int(low.group(1), 16) != address:
        wrong.append("it arms with another descriptor")
    name, operands = program.instructions[start]
    if name != "ldrsw" or operands != f"{register}, [{base.group(1)}, #4]":
        wrong.append(f"it does not begin with the CPU's number: {name} {operands}")
    return wrong


def inside_defects(function, inside, end):
    wrong = []
    cpu = inside[0][1].split(",")[0]
    if inside[1] != ("tbnz", f"{cpu}, #63, {end:x}"):
        wrong.append(f"the CPU's number is not looked at: {inside[1]}")
    copy = re.fullmatch(rf"(\w+), \w+, {cpu}, lsl #16", inside[2][1])
    if inside[2][0] != "add" or not copy:
        return wrong + [f"no copy is computed: {inside[2]}"]
    for name, operands in inside:
        if BRANCHES.match(name):
            if target(operands) != end:
                wrong.append(f"a branch does not leave through the end: {name} {operands}")
        elif name in ("bl", "blr", "br", "ret", "svc", "brk") or "sp" in re.findall(r"\w+", operands):
            wrong.append(f"it has {name} {operands}")
    stores = [(place, operands) for place, (name, operands) in enumerate(inside) if STORES.match(name)]
    to_copy = [place for place, operands in stores if operands.endswith(f"[{copy.group(1)}]")]
    is_read = "read_" in function
    if to_copy != ([] if is_read else [len(inside) - 1]):
        wrong.append(f"the copy is stored to by instructions {to_copy} of {len(inside)}")
    others = STORES_BEFORE_COMMIT.get(re.sub(r"^(force|interfere)_", "", function), 0)
    if len(stores) - len(to_copy) != others:
        wrong.append(f"{len(stores) - len(to_copy)} other stores, not {others}")
    return wrong


def main():
    program = Program(sys.argv[1], sys.argv[2])
    failures = 0
    for descriptor in program.descriptors:
        for defect in defects(program, descriptor):
            failures += 1
            print(f"{program.function_of.get(descriptor[3], '?')}: {defect}")
    expected = int(sys.argv[3]) if len(sys.argv) > 3 else None
    if not program.descriptors or (expected is not None and len(program.descriptors) != expected):
        failures += 1
        print(f"{len(program.descriptors)} sequences, expected {expected or 'some'}")
    print(f"{len(program.descriptors)} sequences looked at, {failures} defects")
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
