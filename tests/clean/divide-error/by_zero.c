// kloom:
// The divisor is looked at first.
#include <linux/module.h>
#include <linux/printk.h>

static volatile int count;

static int __init example_init(void)
{
	int divisor = count;

	if (divisor)
		pr_info("%d\n", 100 / divisor);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
