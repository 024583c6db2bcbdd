// kloom:
// expect: out-of-memory
// Memory is allocated without end.
#include <linux/module.h>
#include <linux/slab.h>

static int __init example_init(void)
{
	for (;;)
		if (kmalloc(1 << 20, GFP_KERNEL) == ERR_PTR(-1))
			break;
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
