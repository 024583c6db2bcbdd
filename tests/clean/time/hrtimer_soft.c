// kloom: --bound 1 --for 1s
// A soft hrtimer runs in softirq context; one on the real-time clock expires at an absolute date.
#include <linux/bug.h>
#include <linux/hrtimer.h>
#include <linux/module.h>
#include <linux/preempt.h>

static struct hrtimer soft, real;
static int soft_runs, real_runs;

static enum hrtimer_restart on_soft(struct hrtimer *t)
{
	WARN_ON(in_hardirq() || !in_serving_softirq() || irqs_disabled());
	soft_runs++;
	return HRTIMER_NORESTART;
}

static enum hrtimer_restart on_real(struct hrtimer *t)
{
	WARN_ON(ktime_before(t->base->get_time(), hrtimer_get_expires(t)));
	real_runs++;
	return HRTIMER_NORESTART;
}

static int __init example_init(void)
{
	hrtimer_init(&soft, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	soft.function = on_soft;
	hrtimer_start(&soft, ms_to_ktime(5), HRTIMER_MODE_REL_SOFT);
	hrtimer_init(&real, CLOCK_REALTIME, HRTIMER_MODE_ABS);
	real.function = on_real;
	hrtimer_start(&real, ktime_add_ms(ktime_get_real(), 7), HRTIMER_MODE_ABS);
	return 0;
}

static void __exit example_exit(void)
{
	hrtimer_cancel(&soft);
	hrtimer_cancel(&real);
	WARN_ON(soft_runs != 1 || real_runs != 1);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
