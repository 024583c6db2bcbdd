// kloom: --for 1s
// expect: left-running
#include <linux/hrtimer.h>
#include <linux/module.h>

static struct hrtimer timer;

static enum hrtimer_restart on_expiry(struct hrtimer *t)
{
	return HRTIMER_NORESTART;
}

static int __init example_init(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = on_expiry;
	hrtimer_start(&timer, ktime_set(100, 0), HRTIMER_MODE_REL);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
