// SPDX-License-Identifier: MIT
// conformance: a module that has no first and no last function: its parameters, and whether it can be unloaded
// drive: P=/sys/module/without_init/parameters
// drive: insmod $MODULE number=7; echo $?; cat $P/number
// drive: insmod $MODULE; echo $?
// drive: lsmod | grep -c without_init
// drive: cat /sys/module/without_init/initstate /sys/module/without_init/refcnt
// drive: rmmod $MODULE; echo $?; lsmod | grep -c without_init
// drive: insmod $MODULE number=x; echo $?
#include <linux/module.h>

static int number;
module_param(number, int, 0444);
MODULE_LICENSE("Dual MIT/GPL");
