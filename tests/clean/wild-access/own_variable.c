// kloom:
// The address is that of a variable.
#include <linux/module.h>

static int variable;

static int __init example_init(void)
{
	*(volatile int *)&variable = 1;
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
