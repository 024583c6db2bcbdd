#!/usr/bin/env python3
"""Modules that are built by Kbuild's commands alone are those that Kbuild builds, to the byte.

Compares every twelfth module of the project, or every Nth with the argument N; 1 takes about three minutes.
"""

import os
import pathlib
import shutil
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.environ["KLOOM_SOURCE_DIR"], "tools", "lib"))

from conformance import direct, host, kbuild, kernel, module as modules_of  # noqa: E402

SKIPPED = 77
EXPORTS = {"percpu/places"}  # left to Kbuild


def build_directly(linux, work, folders):
    """{folder: the module's bytes} of those that are not left to Kbuild."""
    left = direct.Builder(linux.headers, linux.release, linux.package_version).build(work, folders)
    return {folder: (work / folder / f"{module.ko_name}.ko").read_bytes() for folder, module in folders.items() if folder not in left}


def put_sources(work, folders):
    for folder, module in folders.items():
        shutil.rmtree(work / folder, ignore_errors=True)
        kbuild.copy_sources(module, work / folder)


def main():
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 12
    try:
        linux = kernel.Kernel()
    except host.Unavailable as error:
        print(f"skipped: {error}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        folders = {f"m{number}": module for number, module in enumerate(modules_of.project_modules()[::step])}
        put_sources(work, folders)
        made = build_directly(linux, work, folders)
        put_sources(work, folders)
        bad = [f"{folders[folder].name}: Kbuild does not build it: {why}" for folder, why in kbuild.build(linux.headers, work, folders).items()]
        for folder, module in folders.items():
            if folder not in made and module.name not in EXPORTS:
                bad.append(f"{module.name}: is left to Kbuild")
            elif folder in made and made[folder] != (work / folder / f"{module.ko_name}.ko").read_bytes():
                bad.append(f"{module.name}: differs from what Kbuild builds")
    print("\n".join(bad) if bad else f"{len(made)} of {len(folders)} modules built directly, all the same as Kbuild's")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
