// kloom: --for 1s
#include <linux/bug.h>
#include <linux/module.h>

static int value = 2;

static int __init start(void)
{
	BUG_ON(value != 2);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
