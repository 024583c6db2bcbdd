// kloom: --bound 1 --for 1s
// An hrtimer that moves its expiry forward by a period: it fires in hardirq context, once in each period.
#include <linux/bug.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/preempt.h>

#define PERIOD_NS (100 * NSEC_PER_MSEC)

static struct hrtimer timer;
static int expiries;
static ktime_t first_expiry;

static enum hrtimer_restart on_expiry(struct hrtimer *t)
{
	WARN_ON(!in_hardirq() || !irqs_disabled());
	WARN_ON(!hrtimer_callback_running(t));
	WARN_ON(hrtimer_is_queued(t));
	WARN_ON(ktime_before(ktime_get(), first_expiry));
	expiries++;
	WARN_ON(hrtimer_forward_now(t, ns_to_ktime(PERIOD_NS)) != 1);
	return HRTIMER_RESTART;
}

static int __init example_init(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	timer.function = on_expiry;
	WARN_ON(hrtimer_active(&timer));
	first_expiry = ktime_add_ns(ktime_get(), PERIOD_NS);
	hrtimer_start(&timer, ns_to_ktime(PERIOD_NS), HRTIMER_MODE_REL);
	return 0;
}

static void __exit example_exit(void)
{
	WARN_ON(hrtimer_cancel(&timer) != 1);
	WARN_ON(hrtimer_cancel(&timer) != 0);
	WARN_ON(expiries < 5);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
