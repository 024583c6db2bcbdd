// kloom:
// expect: out-of-bounds
// The terminating zero is written behind the buffer.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

static int __init start(void)
{
	const char *text = "kernel";
	char *copy = kmalloc(strlen(text), GFP_KERNEL);

	if (!copy)
		return -ENOMEM;
	strcpy(copy, text);
	pr_info("%s\n", copy);
	kfree(copy);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
