// kloom: --bound 0
// What mod_timer() and its relatives answer for idle and for pending timers.
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/timer.h>

static int expiries;

static void count(struct timer_list *t)
{
	expiries++;
}

static DEFINE_TIMER(timer, count);

static int __init example_init(void)
{
	unsigned long far = jiffies + 1000 * HZ;

	WARN_ON(mod_timer_pending(&timer, far) != 0);
	WARN_ON(timer_pending(&timer));
	WARN_ON(mod_timer(&timer, far) != 0);
	WARN_ON(mod_timer(&timer, far + 1) != 1);
	WARN_ON(timer_reduce(&timer, far + 2) != 1);
	WARN_ON(timer.expires != far + 1);
	WARN_ON(timer_reduce(&timer, far) != 1);
	WARN_ON(timer.expires != far);
	WARN_ON(try_to_del_timer_sync(&timer) != 1);
	WARN_ON(del_timer(&timer) != 0);
	WARN_ON(timer_shutdown_sync(&timer) != 0);
	WARN_ON(mod_timer(&timer, jiffies) != 0);
	WARN_ON(timer_pending(&timer));
	return 0;
}

static void __exit example_exit(void)
{
	WARN_ON(expiries != 0);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
