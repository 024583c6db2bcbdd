// kloom: --bound 1 --for 1s
/* With softirqs off a reader does not queue behind a waiting writer, so it may read again. */
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);
static int value;

static int read_value(void)
{
	int now;

	read_lock_bh(&lock);
	now = value;
	read_unlock_bh(&lock);
	return now;
}

static int __init start(void)
{
	int now;

	read_lock_bh(&lock);
	now = read_value();
	read_unlock_bh(&lock);
	return now;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
