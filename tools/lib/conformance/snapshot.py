"""Guests that have booted and wait for a plan, saved in the cache, so that each run goes on from there.

A snapshot is whole or absent: it is written beside its place and then renamed. What it depends on is its name: the ram
disk, the kernel, QEMU, the command line and this computer's processor, whose time stamp counter the guest has measured. One that
cannot be taken or continued is given up with a message, and the guests boot instead.
"""

import pathlib
import tempfile
import threading
import time

from . import host, qemu

FOLDER = host.CACHE / "snapshots"
TRIES = 2
BOOT_SECONDS = 30       # a boot takes about 4; some hang
SAVE_SECONDS = 30
POLL_SECONDS = 0.05
KEPT_MAX = 8            # of 100 MB each


class Snapshot:
    """The state of a guest with these boot parameters."""

    def __init__(self, kernel, boot):
        self._lock = threading.Lock()
        command = qemu.command(kernel, boot)
        name = host.content_hash(qemu.version(), kernel.base.name, kernel.package_version, _processor(), *command)
        self._path = FOLDER / name
        if self._path.is_file():
            self._path.touch()  # the oldest go first
        elif (why := _take(command, self._path)) is not None:
            self._path = None
            host.say(f"{why}: the guests boot instead of going on from a snapshot")

    def open(self):
        """The file from which a guest goes on; None when it cannot be had."""
        try:
            return self._path.open("rb") if self._path else None
        except FileNotFoundError:  # another run has taken it away
            return None

    def discard(self, why):
        """It is of no use: the guests that are still to come boot."""
        with self._lock:
            if self._path is not None:
                self._path.unlink(missing_ok=True)
                self._path = None
                host.say(f"{why}: the snapshot is removed, and the guests boot instead")


def _processor():
    lines = pathlib.Path("/proc/cpuinfo").read_text().splitlines()
    return [line for line in lines if line.startswith("model name")][:1]


def _take(command, path):
    """Boots a guest and saves it. Returns why it failed, or None."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for _ in range(TRIES):
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            process = qemu.start([*command, *qemu.Monitor.OPTIONS], work, **qemu.Monitor.PIPES)
            stop = threading.Timer(BOOT_SECONDS + SAVE_SECONDS, process.kill)  # whatever it waits for, it then has an end
            stop.start()
            try:
                _save(process, work)
                (work / "state").rename(path)
                _remove_old(path)
                return None
            except OSError as error:
                why = str(error)
            finally:
                stop.cancel()
                process.kill()
                process.communicate()
    return why


def _save(process, work):
    """Writes the state once the guest has booted; it goes on meanwhile, since it would otherwise be continued as stopped."""
    monitor = qemu.Monitor(process)
    until = time.monotonic() + BOOT_SECONDS
    while b"@@booted" not in (work / "results").read_bytes():
        if process.poll() is not None or time.monotonic() > until:
            raise OSError("a guest does not boot")
        time.sleep(POLL_SECONDS)
    monitor.ask("migrate-set-parameters", **{"max-bandwidth": 1 << 40})
    monitor.ask("migrate", uri="exec:exec cat >state")
    while (status := monitor.ask("query-migrate").get("status")) != "completed":
        if status in ("failed", "cancelled") or process.poll() is not None:
            raise OSError("a guest cannot be saved")
        time.sleep(POLL_SECONDS)
    monitor.ask("quit")
    process.wait()  # the file is complete when its writer has ended, which QEMU waits for


def _remove_old(newest):
    files = sorted((path for path in FOLDER.iterdir() if path != newest), key=lambda path: path.stat().st_mtime)
    for path in files[:max(0, len(files) + 1 - KEPT_MAX)]:
        path.unlink(missing_ok=True)
