"""A module and its life.

The first lines of a source may say how it lives and what Linux leaves open, one comment line each:

    // conformance: what Linux decides here, in a sentence
    // boot: nr_cpus=2                a parameter of the kernel's command line
    // drive: taskset -c 1 insmod $MODULE n=3
    // drive: cat /proc/sizes         the lines of its script; without any: load, wait a moment, unload
    // open: CPU \\d+ -> CPU N | which CPU a thread starts on is the scheduler's choice
    // unordered: ^thread | two threads run at the same time
    // seconds: 70                    the longest that it may take in Linux (default 20)
    // slow: a reason                 it runs only with --slow and --update

The script is a shell script for both homes: $MODULE is the module's file, so that `insmod $MODULE` and `rmmod $MODULE`
load and unload it. A module that is still loaded at the end is unloaded.
"""

import dataclasses
import pathlib
import re
import shlex

from . import host

DIRECTIVE = re.compile(r"^(?://| \*|/\*)\s*(conformance|boot|drive|open|unordered|seconds|slow): ?(.*?)(?:\s*\*/)?$")
SECONDS_DEFAULT = 20
SUITE = host.ROOT / "tests" / "conformance"
LOADING_CPU = 1  # not 0, which does the machine's own work, so that a mix-up shows


class BadModule(Exception):
    """A module that cannot be used; the text names it."""


@dataclasses.dataclass(frozen=True)
class Mask:
    pattern: str
    replacement: str
    reason: str


@dataclasses.dataclass
class Module:
    name: str                       # unique; shown in the table: percpu/sizes
    sources: list                   # paths of .c files, or one folder with a Makefile
    title: str = ""
    boot: tuple = ()                # parameters of the kernel's command line
    drive: list = dataclasses.field(default_factory=list)  # lines of the script
    masks: list = dataclasses.field(default_factory=list)
    unordered: list = dataclasses.field(default_factory=list)  # Masks with an empty replacement
    seconds: int = SECONDS_DEFAULT
    slow: str = ""                  # why, if it is
    has_golden: bool = False        # belongs to the project, so that its golden is committed

    @property
    def ko_name(self):
        source = self.sources[0]
        return makefile_object(source) if source.is_dir() else source.stem

    @property
    def script(self):
        return "\n".join(self.drive) + "\n"


def makefile_object(folder):
    makefile = next((folder / name for name in ("Kbuild", "Makefile") if (folder / name).is_file()), None)
    if makefile is None:
        raise BadModule(f"{folder} has no Makefile: name its source files")
    objects = re.findall(r"^\s*obj-m\s*[:+]?=\s*(\S+)\.o\b", makefile.read_text(errors="replace"), re.MULTILINE)
    if len(objects) != 1:
        raise BadModule(f"{makefile}: expected one module in obj-m, found {len(objects)}")
    return objects[0]


def mask_of(text, source, *, with_replacement):
    rule, separator, reason = text.rpartition(" | ")
    pattern, arrow, replacement = rule.partition(" -> ") if with_replacement else (rule, " ", "")
    if not separator or not arrow or not reason.strip():
        form = "PATTERN -> TEXT | REASON" if with_replacement else "PATTERN | REASON"
        raise BadModule(f"{source}: '{text}': write {form}")
    try:
        re.compile(pattern)
    except re.error as error:
        raise BadModule(f"{source}: '{pattern}': {error}") from error
    return Mask(pattern, replacement, reason.strip())


def default_drive(parameters=(), users=(), wait="0.1", cpu=LOADING_CPU, exit_cpu=None):
    insmod = " ".join(["taskset", "-c", str(cpu), "insmod", "$MODULE", *map(shlex.quote, parameters)])
    rmmod = f"taskset -c {cpu if exit_cpu is None else exit_cpu} rmmod $MODULE"
    body = ["echo loaded", *users, f"sleep {wait}"]
    return [f"if {insmod}; then", *body, f"{rmmod} && echo unloaded", "fi"]


def read_module(name, sources, **defaults):
    """A module with what the head of its first source says."""
    module = Module(name, [pathlib.Path(source) for source in sources], **defaults)
    first = module.sources[0]
    if not first.exists():
        raise BadModule(f"cannot read {first}: there is no such file")
    obey(module, head_directives(first), first)
    return module


def head_directives(source):
    """(key, value) of each directive in the comment at the head of a source."""
    for line in [] if source.is_dir() else source.read_text(errors="replace").splitlines():
        found = DIRECTIVE.match(line)
        if found is not None:
            yield found.groups()
        elif line and not line.startswith(("//", "/*", " *")):
            return


def obey(module, directives, source):
    drive = []
    for key, value in directives:
        if key == "conformance":
            module.title = value
        elif key == "boot":
            module.boot = tuple(value.split())
        elif key == "drive":
            drive.append(value)
        elif key == "open":
            module.masks.append(mask_of(value, source, with_replacement=True))
        elif key == "unordered":
            module.unordered.append(mask_of(value, source, with_replacement=False))
        elif key == "slow":
            module.slow = value
        elif not value.isdigit():
            raise BadModule(f"{source}: '{value}' is no number of seconds")
        else:
            module.seconds = int(value)
    module.drive = drive or module.drive or default_drive()


def project_modules():
    """The examples and the conformance modules, by name."""
    modules = [read_module(f"{path.parent.name}/{path.stem}", [path], has_golden=True) for path in sorted(SUITE.glob("*/*.c"))]
    rules = example_rules(SUITE / "examples.txt")
    for path in sorted((host.ROOT / "examples").glob("*/*.c")):
        module = read_module(f"examples/{path.stem}", [path], has_golden=True)
        obey(module, rules.pop(path.stem, []), SUITE / "examples.txt")
        modules.append(module)
    if rules:
        raise BadModule(f"{SUITE / 'examples.txt'}: there is no example {', '.join(sorted(rules))}")
    return modules


def example_rules(file):
    """{example: its directives}. Examples are for reading, so what conformance wants of them stands in a file of its own."""
    rules = {}
    for line in file.read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        example, _, rest = line.partition(": ")
        found = DIRECTIVE.match(f"// {rest}")
        if found is None:
            raise BadModule(f"{file}: '{line}': write EXAMPLE: DIRECTIVE: VALUE")
        rules.setdefault(example, []).append(found.groups())
    return rules


def named_module(argument, taken, drive):
    """A module given on the command line: a source, a list a.c,b.c, or a folder with a Makefile."""
    sources = [pathlib.Path(part) for part in argument.split(",")]
    name = str(sources[0].parent / sources[0].stem) if sources[0].suffix == ".c" else str(sources[0])
    unique, number = name, 2
    while unique in taken:  # ends: the numbers grow
        unique, number = f"{name}#{number}", number + 1
    taken.add(unique)
    module = read_module(unique, sources, drive=drive)
    module.ko_name  # a folder that cannot be used is refused here
    return module
