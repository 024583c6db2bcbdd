// kloom:
// What kmalloc() returned is freed.
#include <linux/module.h>
#include <linux/slab.h>

static int __init example_init(void)
{
	char *buffer = kmalloc(16, GFP_KERNEL);

	kfree(buffer);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
