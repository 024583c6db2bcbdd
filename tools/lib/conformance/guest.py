"""Runs a plan of modules in the Debian kernel under QEMU, and reads what each of them printed.

A guest goes on from a snapshot of one that has booted (snapshot.py), or boots. It writes its results to a second serial
port, a file here, as lines that begin with @@ and what lies between them (guest/plan.c). When nothing comes for too long
the guest is ended and, after one retry, the module at fault is passed over; the others go on in a new guest.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import shutil
import tempfile
import time

from . import host, qemu
from .kernel import write_archive
from .snapshot import Snapshot

GUESTS_AT_ONCE = 3      # one waits for something half of the time
MODULES_TO_SHARE = 20   # fewer are not worth another guest
BOOT_SECONDS = 30       # a boot takes about 4; some hang
SILENT_SECONDS = 20     # more than a module may take: it is ended by the guest itself
POLL_SECONDS = 0.02
CONSOLE_LINES_SHOWN = 12


@dataclasses.dataclass
class Printed:
    """What a module and its script printed."""
    log: list = dataclasses.field(default_factory=list)     # lines of dmesg, with time stamps
    output: list = dataclasses.field(default_factory=list)  # lines of the script
    status: int = 0                                         # exit status of the script
    failure: str = ""                                       # why there is nothing to compare


def run_modules(kernel, modules, objects):
    """{name: Printed} for all modules; those with the same boot parameters share a guest, or several side by side."""
    groups = {}
    for module in modules:
        groups.setdefault(module.boot, []).append(module)
    printed = {}
    with concurrent.futures.ThreadPoolExecutor(GUESTS_AT_ONCE) as pool:
        snapshots = dict(zip(groups, pool.map(lambda boot: Snapshot(kernel, boot), groups)))
        shares = [(boot, share) for boot, group in groups.items() for share in _shares_of(group)]
        for results in pool.map(lambda share: _run_group(kernel, snapshots[share[0]], *share, objects), shares):
            printed.update(results)
    return printed


def _shares_of(group):
    count = GUESTS_AT_ONCE if len(group) >= MODULES_TO_SHARE else 1
    return [group[number::count] for number in range(count)]


def _run_group(kernel, snapshot, boot, modules, objects):
    printed, tries = {}, {}
    left = list(modules)
    while left:  # ends: each round finishes a module, uses up one of its two tries or gives up the snapshot
        state = snapshot.open()
        guest = Guest(qemu.command(kernel, boot), left, objects)
        guest.run(state)
        if state and not guest.has_begun:
            snapshot.discard("a guest does not go on from its snapshot")
            continue
        printed.update(guest.results)
        left = [module for module in left if module.name not in printed]
        if not left:
            break
        culprit = left[0]
        tries[culprit.name] = tries.get(culprit.name, 0) + 1
        if tries[culprit.name] > 1:
            printed[culprit.name] = Printed(failure=guest.failure)
            left.pop(0)
    return printed


class Guest:
    """One life of a guest."""

    def __init__(self, command, modules, objects):
        self._command = command
        self._modules = modules
        self._objects = objects
        self.has_begun = False  # a module was at least tried
        self.results = {}
        self.failure = ""

    def run(self, state):
        """Goes on from the state, an open file, or boots."""
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            self._write_plan(work)
            process = self._start(work, state)
            try:
                self._watch(process, work)
            finally:
                process.kill()
                process.wait()
            self._read_results((work / "results").read_text(errors="replace"))
            if self.failure:
                console = [line.rstrip() for line in (work / "console").read_text(errors="replace").splitlines() if line.strip()]
                self.failure += "".join(f"\n    {line}" for line in console[-CONSOLE_LINES_SHOWN:])

    def _write_plan(self, work):
        root = work / "root"
        for number, module in enumerate(self._modules):
            folder = root / f"{number:03d}"
            folder.mkdir(parents=True)
            shutil.copy(self._objects[module.name], folder)
            (folder / "script").write_text(f"MODULE={module.ko_name}.ko; {module.script}")
            (folder / "seconds").write_text(f"{module.seconds}\n")
        write_archive(root, work / "plan.cpio")

    def _start(self, work, state):
        command = [*self._command, "-fw_cfg", "name=opt/kloom/plan,file=plan.cpio"]
        if state is None:
            return qemu.start(command, work)
        with state:
            return qemu.start([*command, "-incoming", f"fd:{state.fileno()}"], work, pass_fds=[state.fileno()])

    def _watch(self, process, work):
        """Returns when the guest has ended; notes why when it did not end by itself."""
        results = work / "results"
        size, last_change, allowed = 0, time.monotonic(), BOOT_SECONDS
        while process.poll() is None:  # ends: the guest does, or it is silent for too long
            time.sleep(POLL_SECONDS)
            now = os.path.getsize(results)
            if now != size:
                size, last_change = now, time.monotonic()
                begun = results.read_bytes().count(b"@@begin ")
                allowed = SILENT_SECONDS + (self._modules[begun - 1].seconds if begun else BOOT_SECONDS)
            elif time.monotonic() - last_change > allowed:
                self.failure = "Linux hangs"
                return
        if b"@@done" not in results.read_bytes():
            self.failure = "Linux has crashed"

    def _read_results(self, text):
        current, section = None, None
        for line in text.replace("\r", "").split("\n"):
            word, _, rest = line.partition(" ")
            if word == "@@begin":
                self.has_begun = True
                current, section = Printed(), None
            elif current is None:
                continue
            elif word == "@@status":
                current.status = int(rest)
            elif word == "@@output":
                section = current.output
            elif word == "@@log":
                while section and not section[-1]:
                    section.pop()
                section = current.log
            elif word == "@@end":
                self.results[self._modules[int(rest)].name] = current
                current = None
            elif section is not None:
                section.append(line)
