// SPDX-License-Identifier: MIT
// conformance: arguments that no parameter takes: the log's line for each, the order, what "--", dots and dashes mean
// drive: for given in strange=1 strange strange= =1 = 'odd name=1' 'known=1 strange=2 known=3 stranger=4' 'strange=1 known=x other=2'; do
// drive:     insmod $MODULE "$given" && rmmod $MODULE
// drive: done
// drive: for given in unknown.known=5 other.known=5 unknown.other=5 k-n=1 dash_ed=1 dash-ed=2 -known=1 'known=1 -- known=2' --; do
// drive:     insmod $MODULE "$given" && rmmod $MODULE
// drive: done
// drive: for given in 'known=1 # known=2' known:1 known==1 '"known=4"' '"strange value"=1' 'strange="a b"' dangerous=1 dangerous=x; do
// drive:     insmod $MODULE "$given" && rmmod $MODULE
// drive: done
// drive: for given in dyndbg dyndbg=+p unknown.dyndbg=+p async_probe async_probe=0; do insmod $MODULE "$given" && rmmod $MODULE; done
#include <linux/module.h>

static int known;
module_param(known, int, 0444);
static int dash_ed;
module_param(dash_ed, int, 0444);
static int dangerous;
module_param_unsafe(dangerous, int, 0444);

static int __init unknown_init(void)
{
	pr_info("known %d dash_ed %d dangerous %d\n", known, dash_ed, dangerous);
	return 0;
}

static void __exit unknown_exit(void)
{
}

module_init(unknown_init);
module_exit(unknown_exit);
MODULE_LICENSE("Dual MIT/GPL");
