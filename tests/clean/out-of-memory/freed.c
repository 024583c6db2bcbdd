// kloom:
// Memory is given back before more is taken.
#include <linux/module.h>
#include <linux/slab.h>

static int __init example_init(void)
{
	int i;

	for (i = 0; i < 1000; i++)
		kfree(kmalloc(1 << 20, GFP_KERNEL));
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
