"""Runs the same modules in real Linux under QEMU and on kloom's machine, and compares what they print.

    module.py   a module and its life: sources, script, what Linux leaves open
    host.py     commands and packages of this computer, progress
    kernel.py   the Debian kernel, its headers, built modules; all cached
    kbuild.py   modules built by Kbuild
    direct.py   modules built by Kbuild's commands without Kbuild, in a quarter of the time
    qemu.py     QEMU's command line
    snapshot.py guests that have booted, in the cache
    guest.py    runs a plan of modules and reads what each printed
    machine.py  the same module by `kloom run`
    compare.py  what is compared, and what is masked first
    golden.py   Linux's output as committed
"""
