// SPDX-License-Identifier: MIT
// conformance: parameters of the types bool, invbool, bint and bool_enable_only: given alone, in each spelling, and written later
// drive: P=/sys/module/truth/parameters
// drive: for given in '' flag inverse number once; do
// drive:     insmod $MODULE "$given" && cat $P/flag $P/inverse $P/number $P/once && rmmod $MODULE
// drive: done
// drive: for text in 1 0 y n Y N yes no on off ON oF t true 2 '' o '" y"'; do
// drive:     for name in flag inverse; do insmod $MODULE "$name=$text" && rmmod $MODULE; done
// drive: done
// drive: for text in 1 0 y n 2 7 off; do
// drive:     for name in number once; do insmod $MODULE "$name=$text" && rmmod $MODULE; done
// drive: done
// drive: insmod $MODULE
// drive: for text in 0 1 0 y; do echo $text > $P/once; echo $?; cat $P/once; done
// drive: for text in '' maybe n; do printf "$text" > $P/flag; echo $?; cat $P/flag; done
// drive: echo on > $P/inverse; cat $P/inverse
// drive: rmmod $MODULE
#include <linux/module.h>

static bool flag;
module_param(flag, bool, 0644);
static bool inverse;
module_param(inverse, invbool, 0644);
static int number = 5;
module_param(number, bint, 0644);
static bool once;
module_param_cb(once, &param_ops_bool_enable_only, &once, 0644);

static int __init truth_init(void)
{
	pr_info("flag %d inverse %d number %d once %d\n", flag, inverse, number, once);
	return 0;
}

static void __exit truth_exit(void)
{
	pr_info("at last: flag %d inverse %d number %d once %d\n", flag, inverse, number, once);
}

module_init(truth_init);
module_exit(truth_exit);
MODULE_LICENSE("Dual MIT/GPL");
