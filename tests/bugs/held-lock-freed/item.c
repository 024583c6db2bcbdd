// kloom:
// expect: held-lock-freed
// An object is freed while the lock in it is held.
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
	kfree(item);
	preempt_enable();
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
