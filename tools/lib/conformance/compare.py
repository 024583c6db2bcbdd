"""What is compared: the lines of the kernel log without their time stamps, and what the script printed.

Before that, what Linux itself leaves open is masked, on both sides alike. The rules here hold for every module; those of
one module stand in its source, with their reason. `tools/conformance --masks` prints all of them.
"""

import dataclasses
import difflib
import os
import re

from .machine import STAMP
from .module import Mask

DROPPED = [
    Mask(r"^calibrate_delay_direct\(\) |^Probably due to long platform interrupts", "", "an emulated CPU that comes online has a poor clock"),
    Mask(r"^hrtimer: interrupt took \d+ ns$", "", "an emulated computer that is busy takes long"),
]
REPLACED = [
    Mask(r"\bCPU: \d+ PID: \d+ (Comm: \S+) .*", r"CPU: N PID: N \1", "pid, CPU, taint and version in the head of a stack trace"),
    Mask(r"\bCPU: \d+ PID: \d+ at (?:\S*/)?([^/\s]+:\d+) (\S+?)\+0x\S+ \[", r"CPU: N PID: N at \1 \2 [", "where the code of a module lies"),
    Mask(r"\bCPU: \d+ PID: \d+ at (?:\S*/)?([^/\s]+):\d+ \S+$", r"CPU: N PID: N at \1", "a line of the kernel's own source"),
    Mask(r"\b(BUG: scheduling while atomic: .*)/\d+/", r"\1/N/", "a pid"),
    Mask(r"\b0{8}(?!0{8})[0-9a-f]{8}\b", "(pointer)", "%p prints a hash that differs from boot to boot"),
    Mask(r"\bffff[0-9a-f]{12}\b", "(address)", "where the kernel has put an object"),
]
COMMANDS = Mask(r"^(?!insmod: |rmmod: )(?:\S*: line \d+: )?(?:\S+: )?(?:.*: )?(%s)$" % "|".join(sorted(map(re.escape, map(os.strerror, range(1, 134))))),
                r"(command): \1", "how a command words an error of the kernel")
# The body of a stack trace: everything from its head to its end, which in a warning is a line of its own.
WARNING_HEAD = re.compile(r"^-+\[ cut here \]-+$")
WARNING_END = re.compile(r"^---\[ end trace")
TRACE_HEAD = re.compile(r"^CPU: N PID: N Comm: ")
TRACE_END = re.compile(r"^ </TASK>")
TRACE_REPORT = re.compile(r"^BUG: ")  # begins a report, and may come from another CPU amid a body
TRACE_REASON = "registers, module list and addresses of a stack trace depend on the kernel's build"


@dataclasses.dataclass
class Lines:
    log: list
    output: list
    failure: str = ""

    def as_text(self):
        return [f"log: {line}".rstrip() for line in self.log] + [f"out: {line}".rstrip() for line in self.output]


def comparable(printed, module):
    """The lines of Printed that both sides must have in common."""
    lines = printed.log + printed.output
    log = [STAMP.sub("", line) for line in lines if STAMP.match(line)]
    output = [_replace(line, [COMMANDS]) for line in lines if not STAMP.match(line)]
    log = _without_trace_bodies([_replace(line, REPLACED) for line in log if not any(re.search(mask.pattern, line) for mask in DROPPED)])
    return Lines(_settle(log, module), _settle(output, module), printed.failure)


def _replace(line, masks):
    for mask in masks:
        line = re.sub(mask.pattern, mask.replacement, line)
    return line


def _without_trace_bodies(lines):
    """Bodies of several CPUs may lie within one another, as may their heads."""
    kept, is_in_warning, bodies = [], False, 0
    for line in lines:
        is_in_warning = is_in_warning or bool(WARNING_HEAD.match(line))
        if WARNING_END.match(line):
            is_in_warning, bodies = False, 0
        is_head = bool(TRACE_HEAD.match(line))
        if is_head or TRACE_REPORT.match(line) or bodies == 0 and not line.startswith("Modules linked in:"):
            kept.append(line)
        if is_head:
            bodies += 1
        elif not is_in_warning and TRACE_END.match(line):
            bodies = max(0, bodies - 1)
    return kept


def _settle(lines, module):
    """Applies the module's own masks; lines whose order is open are sorted within their run."""
    lines = [_replace(line.rstrip(), module.masks) for line in lines]
    for mask in module.unordered:
        begin = 0
        while begin < len(lines):  # ends: `begin` grows
            end = begin
            while end < len(lines) and re.search(mask.pattern, lines[end]):
                end += 1
            lines[begin:end] = sorted(lines[begin:end])
            begin = end + 1
    return lines


def difference(expected, actual, names):
    """Lines of a diff; none when both are the same."""
    return list(difflib.unified_diff(expected, actual, *names, lineterm="", n=2))


def common_masks():
    """(what, reason) of the rules for every module, for the table in the documentation."""
    rows = [(f"the line `{mask.pattern}`", mask.reason) for mask in DROPPED]
    rows += [(f"`{mask.pattern}`", mask.reason) for mask in REPLACED]
    rows.append(("in the output of commands, all but the error: `COMMAND: No such file or directory`", COMMANDS.reason))
    return [*rows, ("the body of a stack trace", TRACE_REASON)]
