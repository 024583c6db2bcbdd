// kloom: --for 1s
// expect: sleep-in-atomic
/* A mutex may have to wait; a holder of a spinlock must not. */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(outer);
static DEFINE_MUTEX(inner);

static int __init start(void)
{
	spin_lock(&outer);
	mutex_lock(&inner);
	mutex_unlock(&inner);
	spin_unlock(&outer);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
