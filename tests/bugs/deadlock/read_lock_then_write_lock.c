// kloom: --for 1s
// expect: deadlock
/* A reader that wants to write waits for itself. */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);

static int __init start(void)
{
	read_lock(&lock);
	write_lock(&lock);
	write_unlock(&lock);
	read_unlock(&lock);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
