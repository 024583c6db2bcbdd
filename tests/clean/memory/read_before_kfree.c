// kloom:
// The object is freed after its last use.
#include <linux/module.h>
#include <linux/slab.h>

struct node {
	int value;
	struct node *next;
};

static int __init start(void)
{
	struct node *node = kzalloc(sizeof(*node), GFP_KERNEL);

	if (!node)
		return -ENOMEM;
	pr_info("value %d\n", node->value);
	kfree(node);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
