// kloom:
// The lock has room for itself.
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static struct mutex *lock;

static int __init start(void)
{
	lock = kmalloc(sizeof(*lock), GFP_KERNEL);
	if (!lock)
		return -ENOMEM;
	mutex_init(lock);
	mutex_lock(lock);
	mutex_unlock(lock);
	return 0;
}

static void __exit stop(void)
{
	kfree(lock);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
