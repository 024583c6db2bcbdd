"""QEMU's command line for a guest, and what it is asked while it runs.

A guest is one thread of this computer: its CPUs take turns, and one that waits for another hands over. With a thread for
each, a CPU that spins keeps those from running that it waits for.
"""

import json
import subprocess

CPUS = 4
CPU_MODEL = "max,-la57"  # page tables of four levels, as nearly all computers have
MEMORY_MB = 256
# The time stamp counter is this computer's own, so it can be relied on; otherwise Linux reads a timer of the board, which
# costs a third of all time. Delays assume a counter of 4 GHz, since they may be too long but not too short. A grace period
# looks for CPUs that are idle at once.
FASTER = ("mitigations=off", "cryptomgr.notests", "random.trust_cpu=on", "lpj=16000000", "tsc=reliable",
          "rcutree.jiffies_till_first_fqs=0", "rcutree.jiffies_till_next_fqs=1")


def version():
    return subprocess.run(["qemu-system-x86_64", "--version"], capture_output=True, text=True, check=True).stdout


def command(kernel, boot):
    """A guest whose console and results are files of the folder that it is started in."""
    append = ["console=ttyS0", "quiet", "panic=-1", "oops=panic", "log_buf_len=4M", *FASTER, *boot]
    return ["qemu-system-x86_64", "-accel", "tcg,thread=single", "-cpu", CPU_MODEL, "-smp", str(CPUS), "-m", str(MEMORY_MB),
            "-machine", "q35", "-nodefaults", "-display", "none", "-no-reboot", "-serial", "file:console", "-serial", "file:results",
            "-kernel", str(kernel.image), "-initrd", str(kernel.base), "-append", " ".join(append)]


def start(arguments, work, **options):
    (work / "results").touch()
    (work / "console").touch()
    return subprocess.Popen(arguments, cwd=work, **{"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL,
                                                    "stderr": subprocess.DEVNULL, **options})


class Monitor:
    """Commands to a QEMU that was started with OPTIONS and PIPES."""

    OPTIONS = ["-qmp", "stdio"]
    PIPES = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}

    def __init__(self, process):
        self._process = process
        self.ask("qmp_capabilities")

    def ask(self, name, **arguments):
        """Its answer; raises OSError when it has none."""
        self._process.stdin.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
        self._process.stdin.flush()
        for line in self._process.stdout:
            answer = json.loads(line)
            if "error" in answer:
                raise OSError(f"{name}: {answer['error']['desc']}")
            if "return" in answer:
                return answer["return"]
        raise OSError(f"{name}: QEMU has ended")
