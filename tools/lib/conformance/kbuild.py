"""Modules built by Kbuild, the kernel's own build.

A work folder has a folder for each module, m0, m1 ..., with its sources and its Kbuild file; there its .ko appears.
"""

import os
import re
import shutil
import subprocess

from .module import BadModule

OPTIONS = ["KCFLAGS=-g0"]  # debug information would be cut off anyway


def build(headers, work, modules):
    """Builds {folder: module} in the work folder, with these headers of a kernel. Returns {folder: why it could not be built}."""
    failures = {}
    for batch in batches(modules):
        failures |= _build_batch(headers, work, batch)
    return failures


def _build_batch(headers, work, modules):
    failures = {}
    left = dict(modules)
    while left:  # ends: each round takes away the modules that do not compile, or is the last
        output = make(headers, work, left)
        built = {folder for folder, module in left.items() if (work / folder / f"{module.ko_name}.ko").is_file()}
        if built == set(left):
            break
        broken = {folder for folder in left
                  if re.search(rf"\b{folder}/\S+:\d+:\d+: (fatal )?error:|\bmodpost: .*\b{folder}/\S+ undefined!", output)}
        broken = broken or set(left) - built
        for folder in broken:
            del left[folder]
            failures[folder] = first_error(output, folder)
    return failures


def make(headers, work, folders):
    """Runs Kbuild for these folders. Returns what it said."""
    (work / "Kbuild").write_text("".join(f"obj-m += {folder}/\n" for folder in folders))
    command = ["make", "-k", f"-j{os.cpu_count()}", "-C", str(headers), f"M={work}", *OPTIONS, "modules"]
    done = subprocess.run(command, text=True, errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
                          stdin=subprocess.DEVNULL)
    return done.stdout


def batches(modules):
    """The modules in as few parts as possible without two of the same name in one, which Kbuild refuses."""
    rounds = []
    for folder, module in modules.items():
        for names, batch in rounds:
            if module.ko_name not in names:
                break
        else:
            names, batch = set(), {}
            rounds.append((names, batch))
        names.add(module.ko_name)
        batch[folder] = module
    return [batch for _, batch in rounds]


def first_error(output, folder):
    found = re.search(rf"\b{folder}/(\S+:\d+):\d+: (?:fatal )?(error: .*)", output)
    undefined = re.search(rf"ERROR: modpost: (\"\S+\" \[\S*\b{folder}/\S+\] undefined!)", output)
    if found:
        return f"{found.group(1)}: {found.group(2)}"
    return undefined.group(1) if undefined else "the kernel's build made no module of it"


def files_of(module):
    """The files that a module is made of: its sources and the headers beside them, or its folder."""
    first = module.sources[0]
    if first.is_dir():
        return [path for path in first.iterdir() if path.suffix in (".c", ".h", ".S") or path.name in ("Makefile", "Kbuild")]
    return [*module.sources, *first.parent.glob("*.h")]


def copy_sources(module, folder):
    folder.mkdir()
    for path in files_of(module):
        if not path.is_file():
            raise BadModule(f"cannot read {path}: there is no such file")
        shutil.copy(path, folder / path.name)
    if module.sources[0].is_dir():
        return
    lines = [f"obj-m := {module.ko_name}.o"]
    if len(module.sources) > 1:
        objects = [path.stem for path in module.sources]
        if module.ko_name in objects:  # Kbuild refuses a part with the module's own name
            (folder / f"{module.ko_name}.c").rename(folder / f"{module.ko_name}_part.c")
            objects[objects.index(module.ko_name)] = f"{module.ko_name}_part"
        lines.append(f"{module.ko_name}-objs := " + " ".join(f"{name}.o" for name in objects))
    (folder / "Kbuild").write_text("\n".join(lines) + "\n")
