// kloom: --for 1s
// expect: rcu-misuse
/* Nothing keeps the object while it is used. */
#include <linux/module.h>
#include <linux/rcupdate.h>

static int value = 1;
static int __rcu *pointer = &value;

static int __init start(void)
{
	pr_info("%d\n", *rcu_dereference(pointer));
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
