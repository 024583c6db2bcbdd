// SPDX-License-Identifier: MIT
// conformance: a module with a first but no last function stays loaded for ever
// drive: insmod $MODULE; echo $?
// drive: rmmod $MODULE; echo $?
// drive: lsmod | grep -c without_exit
// drive: cat /sys/module/without_exit/initstate
// drive: rmmod nothing; echo $?
// drive: rmmod nothing.ko; echo $?
#include <linux/module.h>

static int __init without_exit_init(void)
{
	pr_info("init of %s, state %d, references %d\n", THIS_MODULE->name, THIS_MODULE->state, module_refcount(THIS_MODULE));
	return 0;
}

module_init(without_exit_init);
MODULE_LICENSE("Dual MIT/GPL");
