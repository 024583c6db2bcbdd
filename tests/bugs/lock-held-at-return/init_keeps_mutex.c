// kloom:
// expect: lock-held-at-return
// The first function returns with a mutex locked.
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(lock);

static int __init example_init(void)
{
	mutex_lock(&lock);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
