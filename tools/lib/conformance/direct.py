"""Modules built by Kbuild's commands without Kbuild, which takes four times as long.

Kbuild builds one module, and what it has run for it is read from its .cmd files: the compiler for NAME.c, objtool, modpost, the
compiler for NAME.mod.c (the table of the symbols that it uses), the linker. The same commands then build the others, with
other names. What is left out are make and its shells, and the search for dependencies.

Most of what remains is the compiler reading linux/module.h, twice for each module. It is read once, as a precompiled header.
gcc takes such a header only first, and only when the macros in it are the same, so a module's name is defined after it:

    Kbuild:  -include kconfig.h ...  -DKBUILD_MODNAME='"x"' ...  x.c
    here:    -include headers.h (kconfig.h ... linux/module.h)  -include names.h (#define KBUILD_MODNAME "x" ...)  x.c

The objects are the same to the byte, which tests/qemu/modules_slow.py checks. What does not fit in here is left to Kbuild: modules of
several sources, those that export symbols or have a version, and whatever does not compile.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import tempfile

from . import host, kbuild
from .module import Module

HUGE_PAGES = pathlib.Path(__file__).resolve().parent / "huge_pages.c"
TEMPLATE, WORK = "kloom_template", "@work@"     # a module's name and its folder in the commands that are kept
TEMPLATE_SOURCE = '#include <linux/module.h>\nMODULE_LICENSE("GPL");\n'
NEED_KBUILD = (b"__ksymtab", b"version=")       # in an object: it exports symbols, or modpost wants the sum of its sources
# gcc forgets with a precompiled header that the stack pointer is a variable there (asm/asm.h), which changes how
# instructions are ordered. Another variable reminds it.
STACK_POINTER = 'register unsigned long kloom_stack_pointer asm("rsp");\n'
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
INCLUDE = re.compile(r'\s*#\s*include\s*(?P<kind>[<"])(?P<name>[^>"]+)[>"]\s*$')


class Unsupported(Exception):
    """This kernel's build is not as expected here; the text says where."""


class Builder:
    """Builds modules for one kernel."""

    def __init__(self, headers, *version):
        self._headers = headers
        compiler = host.run(["gcc", "--version"])
        self._folder = host.CACHE / f"commands-{host.content_hash(headers, *version, compiler, _own_sources())}"
        if not self._folder.is_dir():
            self._prepare()
        self._commands = json.loads((self._folder / "commands.json").read_text())
        self._environment = {**os.environ, "LD_PRELOAD": str(self._folder / "huge_pages.so")}

    def build(self, work, modules):
        """Builds those of {folder: module} that it can in the work folder, where kbuild.copy_sources has put them.
        Returns the folders of the others."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            compiled = pool.map(lambda item: self._compile(work / item[0], item[1]), modules.items())
            going_on = {folder: module for (folder, module), is_compiled in zip(modules.items(), compiled) if is_compiled}
            going_on = self._write_symbols(work, going_on)
            linked = list(pool.map(lambda item: self._link(work / item[0], item[1].ko_name), going_on.items()))
        return set(modules) - {folder for folder, is_linked in zip(going_on, linked) if is_linked}

    def _compile(self, folder, module):
        name = module.ko_name
        source = folder / f"{name}.c"
        if len(module.sources) > 1 or module.sources[0].is_dir() or not re.fullmatch(r"[a-z_0-9]+", name, re.IGNORECASE):
            return False
        compiler, *rest = self._commands["object"]
        if module.has_golden and begins_with_headers(source):  # another's may lack one that linux/module.h needs before it
            compiler = self._with_header(compiler, folder, name)
        if not all(self._run(command, folder, name) for command in (compiler, *rest)):
            return False
        made = folder / f"{name}.o"
        (folder / f"{name}.mod").write_text(f"{made}\n")  # for modpost: the module's objects,
        (folder / f".{made.name}.cmd").touch()            # and the sums of the symbols that they export
        return not any(word in made.read_bytes() for word in NEED_KBUILD)

    def _write_symbols(self, work, modules):
        """Writes each module's NAME.mod.c. Returns the modules without those that modpost does not like."""
        modules = dict(modules)
        while modules:  # ends: each round takes modules away, or is the last
            objects = "".join(f"{work / folder / module.ko_name}.o\n" for folder, module in modules.items())
            done = subprocess.run(_renamed(self._commands["symbols"], work, ""), cwd=self._headers, input=objects, text=True,
                                  errors="replace", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
            if done.returncode == 0:
                break
            bad = [folder for folder in modules if re.search(rf"ERROR: modpost: .*/{folder}/", done.stdout)]
            for folder in bad or list(modules):
                del modules[folder]
        return modules

    def _link(self, folder, name):
        compiler = self._with_header(self._commands["table"], folder, name)
        return all(self._run(command, folder, name) for command in (compiler, *self._commands["module"]))

    def _with_header(self, compiler, folder, name):
        """The compiler's command with the precompiled header."""
        names = folder.parent / f"{folder.name}.names.h"
        options, definitions = _split(compiler)
        names.write_text("".join(_renamed(definitions, folder, name)) + STACK_POINTER)
        return [options[0], "-include", str(self._folder / "headers.h"), "-include", str(names), *options[1:]]

    def _run(self, command, folder, name):
        done = subprocess.run(_renamed(command, folder, name), cwd=self._headers, env=self._environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        return done.returncode == 0

    # ---- what is made once for a kernel and a compiler -----------------------------------------------------------------

    def _prepare(self):
        host.CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=host.CACHE) as work:
            work = pathlib.Path(work)
            commands = self._learn(work)
            finished = work / "finished"
            finished.mkdir()
            (finished / "commands.json").write_text(json.dumps(commands, indent=1))
            host.run(["gcc", "-O2", "-shared", "-fPIC", "-o", str(finished / "huge_pages.so"), str(HUGE_PAGES)])
            self._precompile(commands["table"], finished)
            host.replace_folder(finished, self._folder)

    def _learn(self, work):
        """The commands that Kbuild runs for a module, with TEMPLATE and WORK in the place of its name and its folder."""
        source = work / f"{TEMPLATE}.c"
        source.write_text(TEMPLATE_SOURCE)
        kbuild.copy_sources(Module(TEMPLATE, [source]), work / "m0")
        kbuild.make(self._headers, work, ["m0"])
        read = lambda path: _commands_of(path, str(work / "m0"))
        (symbols,) = [part for part in _commands_of(work / ".Module.symvers.cmd", str(work), "|") if "modpost" in part[0]]
        (table,) = read(work / "m0" / f".{TEMPLATE}.mod.o.cmd")
        commands = {"object": read(work / "m0" / f".{TEMPLATE}.o.cmd"), "symbols": symbols, "table": table,
                    "module": read(work / "m0" / f".{TEMPLATE}.ko.cmd")}
        return commands

    def _precompile(self, compiler, folder):
        """Writes headers.h and what gcc makes of it."""
        included = [f'#include "{path}"\n' for option, path in zip(compiler, compiler[1:]) if option == "-include"]
        (folder / "headers.h").write_text("".join(included) + "#include <linux/module.h>\n")
        options = _split(compiler)[0]
        options = options[:options.index("-c")]
        host.run([*options, "-x", "c-header", str(folder / "headers.h"), "-o", str(folder / "headers.h.gch")], cwd=self._headers)


def _own_sources():
    return pathlib.Path(__file__).read_bytes() + HUGE_PAGES.read_bytes()


def _commands_of(file, folder, separator=";"):
    """The commands in a .cmd file of Kbuild, as lists of arguments."""
    if not file.is_file():
        raise Unsupported(f"Kbuild writes no {file.name}")
    line = file.read_text().partition(":=")[2].partition("\n")[0].replace("$$", "$").replace(folder, WORK)
    parts = [shlex.split(part) for part in line.split(separator)]
    return [[argument for argument in part if not argument.startswith("-Wp,-MMD,")] for part in parts if part and part != ["true"]]


def _renamed(command, folder, name):
    return [argument.replace(WORK, str(folder)).replace(TEMPLATE, name) for argument in command]


def _split(compiler):
    """(the compiler's command without included files and a module's names, these names as lines of a header)."""
    options, definitions, arguments = [], [], iter(compiler)
    for argument in arguments:
        if argument == "-include":
            next(arguments)
        elif argument.startswith("-D") and TEMPLATE in argument:
            definitions.append("#define {0} {2}\n".format(*argument.removeprefix("-D").partition("=")))
        else:
            options.append(argument)
    return options, definitions


def begins_with_headers(source, is_source=True):
    """True when a source includes linux/module.h, and before it only headers of the kernel, so that they may change places."""
    for line in COMMENT.sub("", source.read_text(errors="replace")).splitlines():
        found = INCLUDE.match(line)
        if found and found["name"] == "linux/module.h":
            return True
        if found and found["kind"] == '"':
            beside = source.parent / found["name"]
            return is_source and beside.is_file() and begins_with_headers(beside, is_source=False)
        if not found and line.strip() not in ("", "#pragma once"):
            return False
    return False
