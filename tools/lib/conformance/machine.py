"""The same module by `kloom run`, with the same script and the same boot parameters."""

import concurrent.futures
import os
import re
import subprocess
import tempfile

from . import host
from .guest import CPUS, Printed
from .module import BadModule

KLOOM = os.environ.get("KLOOM", str(host.ROOT / "kloom"))
STAMP = re.compile(r"^\[ *\d+\.\d{6}\] ")
SECONDS_MAX = 120


def run_modules(modules):
    """{name: Printed} for all modules."""
    if subprocess.run([KLOOM, "--version"], stdout=subprocess.DEVNULL, check=False).returncode != 0:  # builds, the first time
        raise BadModule(f"{KLOOM} does not start")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return dict(zip((module.name for module in modules), pool.map(run_module, modules)))


def boot_options(module):
    for parameter in module.boot:
        name, _, value = parameter.partition("=")
        yield from (["--preempt", value] if name == "preempt" else ["--boot", parameter])


def run_module(module):
    with tempfile.NamedTemporaryFile("w", suffix=".sh") as script:
        script.write(module.script)
        script.flush()
        command = [KLOOM, "run", "--cpus", str(CPUS), *boot_options(module), "--script", script.name,
                   ",".join(map(str, module.sources))]
        try:
            done = subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=SECONDS_MAX, check=False,
                                  stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            return Printed(failure=f"no end within {SECONDS_MAX} s")
    if done.returncode not in (0, 1):
        return Printed(failure=done.stderr.strip() or f"kloom run ends with status {done.returncode}")
    lines = done.stdout.splitlines()
    return Printed(log=[line for line in lines if STAMP.match(line)], output=[line for line in lines if not STAMP.match(line)])
