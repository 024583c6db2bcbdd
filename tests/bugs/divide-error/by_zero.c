// kloom:
// expect: divide-error
// The divisor is zero.
#include <linux/module.h>
#include <linux/printk.h>

static volatile int count;

static int __init example_init(void)
{
	pr_info("%d\n", 100 / count);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
