// kloom:
// An instruction that exists is executed.
#include <linux/module.h>

static int __init example_init(void)
{
	asm volatile("nop");
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
