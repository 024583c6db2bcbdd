// SPDX-License-Identifier: MIT
// conformance: parameters named otherwise than their variable, two names for one variable, and what copies a char pointer makes
// drive: P=/sys/module/references/parameters
// drive: insmod $MODULE; cat $P/shown $P/alias $P/second $P/name $P/list; ls $P; rmmod $MODULE
// drive: insmod $MODULE shown=5; cat $P/alias; echo 6 > $P/alias; cat $P/shown; rmmod $MODULE
// drive: insmod $MODULE variable=5 && rmmod $MODULE
// drive: insmod $MODULE name=given second=2
// drive: cat $P/name; echo written > $P/name; cat $P/name; printf bare > $P/name; cat $P/name; printf '' > $P/name; cat $P/name
// drive: rmmod $MODULE
// drive: insmod $MODULE shown=1 alias=2 list=4,5 && rmmod $MODULE
#include <linux/module.h>
#include <linux/string.h>

static int variable = 3;
module_param_named(shown, variable, int, 0444);
module_param_named(alias, variable, int, 0644);
static struct {
	int first;
	int second;
} pair = {1, 2};
module_param_named(second, pair.second, int, 0400);
static char *default_name = "default";
module_param_named(name, default_name, charp, 0644);
static int numbers[3] = {7, 8, 9};
static int count;
module_param_array_named(list, numbers, int, &count, 0444);
static char *before;

static int __init references_init(void)
{
	before = default_name;
	pr_info("variable %d second %d name %s count %d\n", variable, pair.second, default_name, count);
	return 0;
}

static void __exit references_exit(void)
{
	pr_info("variable %d name [%s], another pointer %d\n", variable, default_name, before != default_name);
}

module_init(references_init);
module_exit(references_exit);
MODULE_PARM_DESC(shown, "a number");
MODULE_LICENSE("Dual MIT/GPL");
