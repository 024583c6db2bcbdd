// kloom: --for 1s
// expect: left-running
// The timer is still pending when its callback's code goes away.
#include <linux/module.h>
#include <linux/timer.h>

static void on_expiry(struct timer_list *t)
{
}

static DEFINE_TIMER(timer, on_expiry);

static int __init example_init(void)
{
	mod_timer(&timer, jiffies + 100 * HZ);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
