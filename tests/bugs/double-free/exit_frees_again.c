// kloom:
// expect: double-free
// The error path frees the buffer, and the exit function frees it again.
#include <linux/module.h>
#include <linux/slab.h>

static char *buffer;

static void discard(void)
{
	kfree(buffer);
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
