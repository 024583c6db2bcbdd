// kloom:
// expect: wild-access
// An address that nobody allocated is written to.
#include <linux/module.h>

static int __init example_init(void)
{
	*(volatile int *)0x123456789000UL = 1;
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
