// kloom:
// An allocation that is too large is refused, and the module goes without it.
#include <linux/module.h>
#include <linux/slab.h>

static int *table;

static int __init start(void)
{
	table = kmalloc(64 << 20, GFP_KERNEL | __GFP_NOWARN);
	if (!table)
		return -ENOMEM;
	table[3] = 1;
	return 0;
}

static void __exit stop(void)
{
	kfree(table);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
