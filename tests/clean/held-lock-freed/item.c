// kloom:
// The lock is released first.
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

struct item {
	spinlock_t lock;
};

static int __init example_init(void)
{
	struct item *item = kmalloc(sizeof(*item), GFP_KERNEL);

	if (!item)
		return -ENOMEM;
	spin_lock_init(&item->lock);
	spin_lock(&item->lock);
	spin_unlock(&item->lock);
	kfree(item);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
