// kloom: --for 2s
// expect: timer-storm
// The callback restarts its timer at the time that has just passed: the interrupt comes for ever.
#include <linux/hrtimer.h>
#include <linux/module.h>

static struct hrtimer timer;

static enum hrtimer_restart on_expiry(struct hrtimer *t)
{
	return HRTIMER_RESTART;
}

static int __init example_init(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = on_expiry;
	hrtimer_start(&timer, ktime_set(1, 0), HRTIMER_MODE_REL);
	return 0;
}

static void __exit example_exit(void)
{
	hrtimer_cancel(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
