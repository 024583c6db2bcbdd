// kloom: --for 1s
// expect: deadlock
// del_timer_sync() waits for the callback that calls it.
#include <linux/module.h>
#include <linux/timer.h>

static void on_expiry(struct timer_list *t)
{
	del_timer_sync(t);
}

static DEFINE_TIMER(timer, on_expiry);

static int __init example_init(void)
{
	mod_timer(&timer, jiffies + 2);
	return 0;
}

static void __exit example_exit(void)
{
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
