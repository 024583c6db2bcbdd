// kloom: --for 1s
// expect: lost-update
// The timer's softirq comes between the task's read and its write: bottom halves should have been off.
#include <linux/module.h>
#include <linux/timer.h>

static int events;

static void on_expiry(struct timer_list *t)
{
	events++;
}

static DEFINE_TIMER(timer, on_expiry);

static int __init example_init(void)
{
	mod_timer(&timer, jiffies + 1);
	events++;
	return 0;
}

static void __exit example_exit(void)
{
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
