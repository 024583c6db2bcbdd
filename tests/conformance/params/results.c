// SPDX-License-Identifier: MIT
// conformance: what an init function's result comes to: success, errors as insmod shows them, and positive numbers
// drive: for result in 0 -1 -2 -5 -11 -12 -14 -16 -17 -19 -22 -28 -38 -110; do
// drive:     insmod $MODULE result=$result; echo "$result: $?"; lsmod | grep -c results; rmmod $MODULE
// drive: done
// drive: insmod $MODULE result=3; echo $?
// drive: rmmod $MODULE; echo $?
#include <linux/module.h>

static int result;
module_param(result, int, 0444);

static int __init results_init(void)
{
	pr_info("init returns %d\n", result);
	return result;
}

static void __exit results_exit(void)
{
	pr_info("exit\n");
}

module_init(results_init);
module_exit(results_exit);
MODULE_LICENSE("Dual MIT/GPL");
