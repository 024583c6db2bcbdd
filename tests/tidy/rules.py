#!/usr/bin/env python3
"""Rules of the style guide that a glance at the text can check. Prints each line that breaks one."""

import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(os.environ.get("KLOOM_SOURCE_DIR") or pathlib.Path(__file__).resolve().parents[2])

DETERMINISTIC_LAYERS = ("trace", "machine", "kernel", "explore", "detect", "os_models")
BANNED_WHERE_DETERMINISTIC = {
    r"\b(system_clock|steady_clock|high_resolution_clock)\b": "reads the wall clock",
    r"\b(std::)?(gettimeofday|clock_gettime)\s*\(": "reads the wall clock",
    r"(?<![\w.>])(std::|::)time\s*\(": "reads the wall clock",
    r"\bstd::(jthread|thread|async|mutex|condition_variable)\b": "uses host threads",
    r"\bpthread_(?!self\b)\w+\s*\(": "uses host threads",
    r"\brandom_device\b": "is not determined by the seed",
    r"(?<![\w.>])(std::|::)s?rand\s*\(": "is not determined by the seed",
}
BANNED_EVERYWHERE = {
    r"(?<![\w.$}])/(work|tmp|home|root)/": "an absolute path of one machine",
    r"\b(TODO(?!\(#)|FIXME|XXX)\b": "unfinished: mend it or open an issue and write TODO(#issue)",
}
CODE_SUFFIXES = {".cpp", ".hpp", ".h", ".c", ".S", ".py", ".sh", ".cmake", ".inc", ""}
LINES_MAX = 700
README_LINES_MAX = 40
# Data, not code; and this file, which spells the banned words.
EXEMPT_FROM_LENGTH = {"src/toolchain/kernel_names.inc"}
SELF = "tests/tidy/rules.py"


def tracked_files():
    """Files of the project; those not yet committed too, so that a mistake is seen before it is."""
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"],
                             capture_output=True, text=True, check=False)
    if listing.returncode == 0:
        return sorted(set(listing.stdout.splitlines()))
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file() and "build" not in path.parts)


def without_comment(line):
    return re.sub(r"(//|^\s*\*|^\s*/\*).*", "", line)


def check_code(name, lines):
    if name == SELF:
        return
    parts = name.split("/")
    is_deterministic = parts[0] == "src" and len(parts) > 2 and parts[1] in DETERMINISTIC_LAYERS
    for number, line in enumerate(lines, 1):
        for pattern, reason in BANNED_EVERYWHERE.items():
            if re.search(pattern, line):
                yield f"{name}:{number}: {reason}: {line.strip()}"
        if is_deterministic:
            for pattern, reason in BANNED_WHERE_DETERMINISTIC.items():
                if re.search(pattern, without_comment(line)):
                    yield f"{name}:{number}: {reason}, which {parts[1]} must not: {line.strip()}"


def check_text(name, text):
    for number, line in enumerate(text.splitlines(), 1):
        if line != line.rstrip():
            yield f"{name}:{number}: white space at the end of the line"
    if text and not text.endswith("\n"):
        yield f"{name}: the last line does not end"


def check_layer_readmes():
    for folder in sorted((ROOT / "src").iterdir()):
        if not folder.is_dir() or not any(folder.rglob("*.[ch]pp")):
            continue
        readme = folder / "README.md"
        if not readme.exists():
            yield f"src/{folder.name}: no README.md"
        elif len(readme.read_text().splitlines()) > README_LINES_MAX:
            yield f"src/{folder.name}/README.md: more than {README_LINES_MAX} lines"


def check_file(name):
    path = ROOT / name
    if path.is_symlink() or not path.is_file():
        return
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return
    suffix = path.suffix
    is_code = suffix in CODE_SUFFIXES and path.name not in ("LICENSE",)
    if not is_code:
        return
    lines = text.splitlines()
    yield from check_code(name, lines)
    yield from check_text(name, text)
    if len(lines) > LINES_MAX and name not in EXEMPT_FROM_LENGTH:
        yield f"{name}: {len(lines)} lines, at most {LINES_MAX}"


def main():
    complaints = list(check_layer_readmes())
    for name in tracked_files():
        complaints += check_file(name)
    print("\n".join(complaints) if complaints else "rules: nothing to complain about")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
