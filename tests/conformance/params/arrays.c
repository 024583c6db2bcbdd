// SPDX-License-Identifier: MIT
// conformance: array parameters: how many are counted, which keep their value, what too many, empty and wrong elements do
// drive: P=/sys/module/arrays/parameters
// drive: for given in '' counted=5 counted=5,6 counted=5,6,7,8 counted=5,6,7,8,9 counted= counted=, counted=5, counted=,5; do
// drive:     insmod $MODULE $given && cat $P/counted && rmmod $MODULE
// drive: done
// drive: for given in counted counted=5,,7 counted=5,x 'counted="5, 6"' 'counted=1,2,3 counted=9'; do
// drive:     insmod $MODULE "$given" && cat $P/counted && rmmod $MODULE
// drive: done
// drive: for given in 1 1,2,3 1,2,3,4 0x10,010,-1 70000; do insmod $MODULE uncounted=$given && cat $P/uncounted && rmmod $MODULE; done
// drive: for given in a a,b , '"a b",c' '"a b,c"' a,b,c ''; do
// drive:     insmod $MODULE "names=$given" && cat $P/names && rmmod $MODULE
// drive: done
// drive: for given in flags=1 flags=y,n,y flags= flags=1,2 flags; do insmod $MODULE $given && cat $P/flags && rmmod $MODULE; done
#include <linux/module.h>

static int counted[4] = {1, 2, 3, 4};
static int count = 2;
module_param_array(counted, int, &count, 0444);
static short uncounted[3] = {10, 20, 30};
module_param_array(uncounted, short, NULL, 0444);
static char *names[2] = {"x", "y"};
static unsigned int names_count;
module_param_array(names, charp, &names_count, 0444);
static bool flags[3] = {true, false, true};
static int flags_count;
module_param_array(flags, bool, &flags_count, 0444);

static int __init arrays_init(void)
{
	pr_info("%d of %d %d %d %d, %d %d %d, %d of %s %s, %d of %d %d %d\n", count, counted[0], counted[1], counted[2], counted[3],
		uncounted[0], uncounted[1], uncounted[2], names_count, names[0], names[1], flags_count, flags[0], flags[1], flags[2]);
	return 0;
}

static void __exit arrays_exit(void)
{
}

module_init(arrays_init);
module_exit(arrays_exit);
MODULE_LICENSE("Dual MIT/GPL");
