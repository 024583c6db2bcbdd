// kloom:
// The error path frees what it allocated once and forgets it.
#include <linux/module.h>
#include <linux/slab.h>

static char *buffer;

static void discard(void)
{
	kfree(buffer);
	buffer = NULL;
}

static int __init start(void)
{
	buffer = kmalloc(100, GFP_KERNEL);
	if (!buffer)
		return -ENOMEM;
	discard();
	return 0;
}

static void __exit stop(void)
{
	kfree(buffer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
