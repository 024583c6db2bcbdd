"""Linux's output as committed: tests/conformance/golden/NAME.txt, with the version of the kernel that printed it."""

from . import host

FOLDER = host.ROOT / "tests" / "conformance" / "golden"
HEAD = "# printed by "


def path_of(module):
    return FOLDER / f"{module.name}.txt"


def read(module):
    """(kernel, lines), or None when there is no golden."""
    path = path_of(module)
    if not path.is_file():
        return None
    head, *lines = path.read_text().splitlines()
    return head.removeprefix(HEAD), lines


def write(module, kernel, lines):
    """True when the file has changed; a new kernel that prints the same leaves it alone."""
    old = read(module)
    if old is not None and old[1] == lines:
        return False
    path = path_of(module)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_text("\n".join([HEAD + kernel, *lines]) + "\n")
    unfinished.rename(path)
    return True


def stray_files(modules):
    """Goldens that belong to no module any more."""
    known = {path_of(module) for module in modules}
    return sorted(path for path in FOLDER.rglob("*.txt") if path not in known)
