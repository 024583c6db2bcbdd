// kloom: --for 1s
// expect: deadlock
// The task holds the lock and waits for the callback; the callback, on the other CPU, waits for the lock.
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(lock);
static int expiries;

static void on_expiry(struct timer_list *t)
{
	spin_lock(&lock);
	expiries++;
	spin_unlock(&lock);
}

static DEFINE_TIMER(timer, on_expiry);

static int __init example_init(void)
{
	timer.expires = jiffies + 1;
	add_timer_on(&timer, 1);
	spin_lock_bh(&lock);
	del_timer_sync(&timer);
	spin_unlock_bh(&lock);
	return 0;
}

static void __exit example_exit(void)
{
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
