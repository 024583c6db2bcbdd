"""The Debian kernel: its image, headers and busybox as packages, the guest's ram disk, and modules built for it.

Everything lies in the cache folder and is made once:

    kernel-VERSION/vmlinuz         from the image's package, which is unpacked, never installed
    base-HASH.cpio                 busybox, a shell, the guest's tools and interrupt lines, its init
    commands-HASH/                 what Kbuild runs for a module, and linux/module.h precompiled (direct.py)
    modules/HASH/NAME.ko           by content of sources and headers of the kernel
"""

import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from . import direct, host, kbuild
from .module import Module

PACKAGES = ["qemu-system-x86", "linux-headers-cloud-amd64", "busybox-static", "bash-static", "cpio", "gcc", "libc6-dev", "make"]
GUEST = pathlib.Path(__file__).resolve().parent / "guest"
TOOL_NAMES = ["insmod", "rmmod", "taskset", "raise", "ioctl", "poll", "seek"]


class Kernel:
    def __init__(self):
        if os.uname().machine != "x86_64":
            raise host.Unavailable("the Debian kernel is an x86-64 one, and so must this computer be")
        host.install(PACKAGES)
        host.CACHE.mkdir(parents=True, exist_ok=True)
        headers = host.run(["dpkg-query", "-W", "-f", "${Depends}", "linux-headers-cloud-amd64"])
        self.release = re.search(r"linux-headers-(\S+)", headers).group(1)
        self.package_version = host.run(["dpkg-query", "-W", "-f", "${Version}", f"linux-headers-{self.release}"]).strip()
        self.headers = pathlib.Path(f"/usr/src/linux-headers-{self.release}")
        self.image = self._image()
        self.base = self._base_archive()

    @property
    def description(self):
        return f"Linux {self.release} (Debian {self.package_version})"

    def _image(self):
        folder = host.CACHE / f"kernel-{self.release}_{self.package_version}"
        image = folder / "vmlinuz"
        if image.is_file():
            return image
        package = f"linux-image-{self.release}"
        host.say(f"downloading {package}")
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            self._download(f"{package}={self.package_version}", work)
            archive = next(work.glob("*.deb"))
            finished = work / "kernel"
            finished.mkdir()
            host.run(["bash", "-c", 'set -o pipefail; dpkg-deb --fsys-tarfile "$1" | tar -xO "./boot/vmlinuz-$2" >"$3"', "_",
                      str(archive), self.release, str(finished / "vmlinuz")])
            host.replace_folder(finished, folder)
        return image

    @staticmethod
    def _download(package, folder):
        try:
            host.run(["apt-get", "download", package], cwd=folder)
        except subprocess.CalledProcessError:
            try:
                host.update_package_lists()
                host.run(["apt-get", "download", package], cwd=folder)
            except subprocess.CalledProcessError as error:
                raise host.Unavailable(f"could not download {package}: {host.last_line(error)}\n"
                                       f"try by hand: sudo apt-get update && apt-get download {package}") from error

    def _base_archive(self):
        binaries = [pathlib.Path("/bin/busybox"), pathlib.Path("/bin/bash-static")]
        parts = [path.read_bytes() for path in [*sorted(GUEST.iterdir()), *binaries]]
        archive = host.CACHE / f"base-{host.content_hash(self.release, self.package_version, *parts)}.cpio"
        if archive.is_file():
            return archive
        lines, failures = self.build([Module("the guest's interrupt lines", [GUEST / "lines.c"])])
        if failures:
            raise host.Unavailable(f"the guest's own module cannot be built: {failures}")
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            root = pathlib.Path(work) / "root"
            for name in ("bin", "tools", "dev", "proc", "sys", "tmp", "run", "plan"):
                (root / name).mkdir(parents=True)
            shutil.copy(binaries[0], root / "bin" / "busybox")
            shutil.copy(binaries[1], root / "tools" / "sh")
            for path in lines.values():
                shutil.copy(path, root / "tools" / path.name)
            for applet in host.run(["/bin/busybox", "--list"]).split():
                if applet not in ("busybox", *TOOL_NAMES):
                    (root / "bin" / applet).symlink_to("busybox")
            for source, program in (("tools.c", TOOL_NAMES[0]), ("plan.c", "plan")):
                host.run(["gcc", "-O2", "-static", "-Wall", "-Wextra", "-o", str(root / "tools" / program), str(GUEST / source)])
            for name in TOOL_NAMES[1:]:
                (root / "tools" / name).symlink_to(TOOL_NAMES[0])
            shutil.copy(GUEST / "init.sh", root / "init")
            (root / "init").chmod(0o755)
            unfinished = pathlib.Path(work) / "base.cpio"
            write_archive(root, unfinished)
            unfinished.rename(archive)
        return archive

    # ---- modules ---------------------------------------------------------------------------------------------------

    def build(self, modules):
        """Builds the modules for this kernel. Returns ({name: path of the .ko}, {name: why it could not be built})."""
        places = {module.name: self._place(module) for module in modules}
        missing = [module for module in modules if not places[module.name].is_file()]
        failures = {}
        if missing:
            host.say(f"building {len(missing)} module{'s' if len(missing) > 1 else ''} for {self.release}")
            failures = self._build_missing(missing, places)
        return {name: place for name, place in places.items() if name not in failures}, failures

    def _place(self, module):
        files = sorted(kbuild.files_of(module))
        digest = host.content_hash(self.release, self.package_version, module.ko_name,
                                   *(part for path in files for part in (path.name, path.read_bytes())))
        return host.CACHE / "modules" / digest / f"{module.ko_name}.ko"

    def _build_missing(self, modules, places):
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            folders = {f"m{number}": module for number, module in enumerate(modules)}
            for folder, module in folders.items():
                kbuild.copy_sources(module, work / folder)
            left = self._build_directly(work, folders)
            for folder, module in left.items():
                shutil.rmtree(work / folder)
                kbuild.copy_sources(module, work / folder)
            failures = kbuild.build(self.headers, work, left)
            built = {folder: work / folder / f"{module.ko_name}.ko" for folder, module in folders.items() if folder not in failures}
            if built:  # Linux reads all of a module, however long
                host.run(["strip", "--strip-debug", *map(str, built.values())])
            for folder, path in built.items():
                finished = work / f"{folder}.finished"
                finished.mkdir()
                path.rename(finished / path.name)
                host.replace_folder(finished, places[folders[folder].name].parent)
            return {folders[folder].name: why for folder, why in failures.items()}

    def _build_directly(self, work, folders):
        """Returns those that are left to Kbuild."""
        try:
            left = direct.Builder(self.headers, self.release, self.package_version).build(work, folders)
        except (direct.Unsupported, subprocess.CalledProcessError, ValueError) as error:
            host.say(f"Kbuild builds each module, since its commands cannot be taken over: {error}")
            return folders
        return {folder: module for folder, module in folders.items() if folder in left}


def write_archive(root, archive):
    names = sorted(str(path.relative_to(root)) for path in root.rglob("*"))
    with archive.open("wb") as out:
        subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "--reproducible"], cwd=root, input="\n".join(names).encode(),
                       stdout=out, check=True)
