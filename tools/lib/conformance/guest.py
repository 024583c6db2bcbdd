"""Boots the Debian kernel in QEMU with a plan of modules, and reads what each of them printed.

The guest writes its results to a second serial port, a file here, as lines that begin with @@ and what lies between them
(guest/init.sh). When nothing comes for too long the guest is ended and, after one retry, the module at fault is passed
over; the others go on in a new boot.
"""

import concurrent.futures
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

from . import host
from .kernel import write_archive

CPUS = 4
CPU_MODEL = "max,-la57"  # page tables of four levels, as nearly all computers have
MEMORY_MB = 256
GUESTS_AT_ONCE = 2
MODULES_TO_SHARE = 20   # fewer are not worth a second boot
FASTER_BOOT = ("mitigations=off", "cryptomgr.notests", "random.trust_cpu=on", "lpj=4000000")  # the emulated time stamp counter has 1 GHz
BOOT_SECONDS = 30       # a boot takes about 3; some hang
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
    """{name: Printed} for all modules; those with the same boot parameters share a boot, or two side by side."""
    groups = {}
    for module in modules:
        groups.setdefault(module.boot, []).append(module)
    shares = [(boot, share) for boot, group in groups.items() for share in _shares_of(group)]
    printed = {}
    with concurrent.futures.ThreadPoolExecutor(GUESTS_AT_ONCE) as pool:
        for results in pool.map(lambda share: _run_group(kernel, *share, objects), shares):
            printed.update(results)
    return printed


def _shares_of(group):
    count = GUESTS_AT_ONCE if len(group) >= MODULES_TO_SHARE else 1
    return [group[number::count] for number in range(count)]


def _run_group(kernel, boot, modules, objects):
    printed, tries = {}, {}
    left = list(modules)
    while left:  # ends: each round either finishes a module or uses up one of its two tries
        guest = Guest(kernel, boot, left, objects)
        guest.run()
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
    """One boot."""

    def __init__(self, kernel, boot, modules, objects):
        self._kernel = kernel
        self._boot = boot
        self._modules = modules
        self._objects = objects
        self.results = {}
        self.failure = ""

    def run(self):
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            self._write_plan(work)
            process = self._start(work)
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
            folder = root / "plan" / f"{number:03d}"
            folder.mkdir(parents=True)
            shutil.copy(self._objects[module.name], folder)
            (folder / "script").write_text(f"MODULE={module.ko_name}.ko; {module.script}")
            (folder / "seconds").write_text(f"{module.seconds}\n")
        write_archive(root, work / "plan.cpio")
        with (work / "initrd").open("wb") as initrd:
            for part in (self._kernel.base, work / "plan.cpio"):
                initrd.write(part.read_bytes())

    def _start(self, work):
        (work / "results").touch()
        command = ["qemu-system-x86_64", "-accel", "tcg,thread=multi", "-cpu", CPU_MODEL, "-smp", str(CPUS), "-m", str(MEMORY_MB),
                   "-machine", "q35", "-nodefaults", "-display", "none", "-no-reboot", "-serial", f"file:{work}/console",
                   "-serial", f"file:{work}/results", "-kernel", str(self._kernel.image), "-initrd", str(work / "initrd"),
                   "-append", " ".join(["console=ttyS0", "quiet", "panic=-1", "oops=panic", "log_buf_len=4M", *FASTER_BOOT, *self._boot])]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

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
