"""Commands and packages of this computer, the cache folder, and messages."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
CACHE = pathlib.Path(os.environ.get("KLOOM_CONFORMANCE_CACHE", ROOT / "build" / "conformance"))


class Unavailable(Exception):
    """Real Linux cannot be had here; the text says why and what to do."""


def say(text):
    print(f"conformance: {text}", file=sys.stderr, flush=True)


def run(command, **options):
    """The command's output; raises CalledProcessError with all of its output when it fails."""
    return subprocess.run(command, check=True, text=True, errors="replace", stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **options).stdout


def last_line(error):
    lines = [line for line in (error.stdout or "").splitlines() if line.strip()]
    return lines[-1] if lines else str(error)


def content_hash(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part if isinstance(part, bytes) else str(part).encode())
        digest.update(b"\0")
    return digest.hexdigest()[:16]


def replace_folder(finished, folder):
    """Puts a folder that is complete in the place of another, so that a folder in the cache is always whole."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    finished.rename(folder)


def is_installed(package):
    done = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status}", package], capture_output=True, text=True,
                          check=False)
    return done.returncode == 0 and done.stdout.strip() == "installed"


def privilege_prefix():
    if os.geteuid() == 0:
        return []
    can_sudo = shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n"] if can_sudo else None


def update_package_lists():
    prefix = privilege_prefix()
    if prefix is not None:
        run([*prefix, "apt-get", "update"])


def install(packages):
    """Installs Debian packages, or raises Unavailable with the command that would."""
    missing = [package for package in packages if not is_installed(package)]
    if not missing:
        return
    by_hand = f"sudo apt-get update && sudo apt-get install -y --no-install-recommends {' '.join(missing)}"
    prefix = privilege_prefix()
    if prefix is None or not shutil.which("apt-get"):
        raise Unavailable(f"these Debian packages are missing: {' '.join(missing)}\ninstall them: {by_hand}")
    say(f"installing Debian packages: {' '.join(missing)}")
    command = [*prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "--no-install-recommends", *missing]
    try:
        run(command)
    except subprocess.CalledProcessError:
        try:  # No package lists yet, or lists so old that the mirror has other versions by now.
            update_package_lists()
            run(command)
        except subprocess.CalledProcessError as error:
            raise Unavailable(f"could not install {' '.join(missing)}: {last_line(error)}\ninstall by hand: {by_hand}") from error
