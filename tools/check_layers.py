#!/usr/bin/env python3
"""Checks that every #include in src/ follows the arrows between the layers.

A layer may include itself, what ARROWS lists for it, and the system's headers. Code that implements the kernel interface
may include include/kernel; nothing else may, and the kernel headers include nothing of src/.
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent

ARROWS = {
    "base": set(),
    "trace": {"base"},
    "machine": {"trace", "base"},
    "kernel": {"machine", "trace", "base"},
    "hooks": {"machine", "trace", "base"},
    "explore": {"trace", "base"},
    "detect": {"trace", "base"},
    "report": {"trace", "base"},
    "os_models": {"machine", "trace", "base"},
    "toolchain": {"trace", "base"},
    "session": {"toolchain", "hooks", "kernel", "machine", "explore", "detect", "trace", "base"},
    "percpu": {"base"},
    "cli": {"session", "detect", "os_models", "report", "toolchain", "trace", "base"},
}
MAY_INCLUDE_KERNEL_HEADERS = {"kernel"}
# Code under test: a module that is compiled for itself too, so it knows its own folder and the kernel's headers only.
MODULE_FOLDER = ROOT / "src" / "os_models" / "os"
KERNEL_FOLDERS = ("linux", "asm", "asm-generic", "uapi", "net", "crypto", "trace")

INCLUDE = re.compile(r'^\s*#\s*include(?:_next)?\s*([<"])([^>"]+)[>"]')


def includes(path):
    for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
        match = INCLUDE.match(line)
        if match:
            yield number, match.group(1), match.group(2)


def complaint(path, number, text):
    return f"{path.relative_to(ROOT)}:{number}: {text}"


def is_kernel_header(name):
    return name.split("/")[0] in KERNEL_FOLDERS and (ROOT / "include" / "kernel" / name).exists()


def check_layer(layer, folder):
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".hpp", ".cpp", ".h", ".c", ".inc", ".S"):
            continue
        for number, quote, name in includes(path):
            first = name.split("/")[0]
            if path.parent == MODULE_FOLDER:
                if quote == '"' and not (path.parent / name).exists():
                    yield complaint(path, number, f"a module's sources must not include {name}")
            elif quote == "<" and is_kernel_header(name):
                if layer not in MAY_INCLUDE_KERNEL_HEADERS:
                    yield complaint(path, number, f"{layer} must not include the kernel header <{name}>")
            elif quote == '"' and first in ARROWS and "/" in name:
                if first != layer and first not in ARROWS[layer]:
                    yield complaint(path, number, f"{layer} must not include {first} ({name})")
            elif quote == '"' and "/" not in name and (path.parent / name).exists():
                yield complaint(path, number, f'name the layer: "{path.parent.relative_to(ROOT / "src")}/{name}"')


def check_kernel_headers(folder):
    """Modules compile with -nostdinc, so a system header can only stand behind KLOOM_IMPLEMENTATION: not checked here."""
    for path in sorted(folder.rglob("*.h")):
        for number, _, name in includes(path):
            first = name.split("/")[0]
            if first in ARROWS and "/" in name and first not in KERNEL_FOLDERS:
                yield complaint(path, number, f"a kernel header must not include {name}")
            elif first in KERNEL_FOLDERS and not (folder / name).exists():
                yield complaint(path, number, f"there is no {name}")


def main():
    complaints = []
    for folder in sorted((ROOT / "src").iterdir()):
        if folder.is_dir():
            if folder.name not in ARROWS:
                complaints.append(f"src/{folder.name}: a layer without arrows; add it to tools/check_layers.py")
                continue
            complaints += check_layer(folder.name, folder)
    complaints += check_kernel_headers(ROOT / "include" / "kernel")
    print("\n".join(complaints) if complaints else "layers: every include follows the arrows")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
