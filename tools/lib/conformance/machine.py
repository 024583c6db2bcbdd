"""The same module by `kloom run`, with the same script and the same boot parameters."""

import concurrent.futures
import os
import re
import subprocess
import tempfile

from . import host
from .guest import Printed
from .module import BadModule
from .qemu import CPUS

LAUNCHER = os.environ.get("KLOOM", str(host.ROOT / "kloom"))
STAMP = re.compile(r"^\[ *\d+\.\d{6}\] ")
SECONDS_MAX = 120


def run_modules(modules):
    """{name: Printed} for all modules."""
    program = _program()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((module.name for module in modules), pool.map(lambda module: run_module(program, module), modules)))


def _program():
    """What the launcher starts once it has built it: to look for changes before each module takes as long as to run it."""
    if subprocess.run([LAUNCHER, "--version"], stdout=subprocess.DEVNULL, check=False).returncode != 0:
        raise BadModule(f"{LAUNCHER} does not start")
    built = host.ROOT / "build" / "release" / "bin" / "kloom"
    return str(built) if LAUNCHER == str(host.ROOT / "kloom") else LAUNCHER


def boot_options(module):
    for parameter in module.boot:
        name, _, value = parameter.partition("=")
        yield from (["--preempt", value] if name == "preempt" else ["--boot", parameter])


def run_module(program, module):
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(module.script)
        script.flush()
        command = [program, "run", "--cpus", str(CPUS), *boot_options(module), "--script", script.name,
                   ",".join(map(str, module.sources))]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS_MAX, check=False,
                                  stdin=subprocess.DEVNULL, env={**os.environ, "KLOOM_HOME": str(host.ROOT)})
        except subprocess.TimeoutExpired:
            return Printed(failure=f"no end within {SECONDS_MAX} s")
    if done.returncode not in (0, 1):
        return Printed(failure=done.stderr.strip() or f"kloom run ends with status {done.returncode}")
    lines = done.stdout.splitlines()
    return Printed(log=[line for line in lines if STAMP.match(line)], output=[line for line in lines if not STAMP.match(line)])
