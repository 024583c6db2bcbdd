// kloom: --bound 1 --for 1s
// A timer that arms itself again: idle inside its callback, pending after mod_timer(), gone after del_timer_sync().
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/timer.h>

#define PERIOD (HZ / 5)

static struct timer_list timer;
static int expiries;

static void on_expiry(struct timer_list *t)
{
	WARN_ON(timer_pending(t));
	WARN_ON(time_before(jiffies, t->expires));
	expiries++;
	WARN_ON(mod_timer(t, jiffies + PERIOD) != 0);
	WARN_ON(!timer_pending(t));
}

static int __init example_init(void)
{
	timer_setup(&timer, on_expiry, 0);
	mod_timer(&timer, jiffies + PERIOD);
	return 0;
}

static void __exit example_exit(void)
{
	WARN_ON(del_timer_sync(&timer) != 1);
	WARN_ON(del_timer_sync(&timer) != 0);
	WARN_ON(expiries < 3);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
