// SPDX-License-Identifier: MIT
// conformance: the order of hrtimers that have all expired when interrupts are enabled, hard and soft ones
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/module.h>

#define TIMERS 6

struct numbered {
	struct hrtimer timer;
	int number;
};

static struct numbered timers[TIMERS];

static enum hrtimer_restart run_timer(struct hrtimer *timer)
{
	struct numbered *numbered = container_of(timer, struct numbered, timer);

	pr_info("timer %d, in hardirq %d\n", numbered->number, !!in_hardirq());
	return HRTIMER_NORESTART;
}

static void set_up(int number, enum hrtimer_mode mode)
{
	hrtimer_init(&timers[number].timer, CLOCK_MONOTONIC, mode);
	timers[number].timer.function = run_timer;
	timers[number].number = number;
}

static void start(int number, ktime_t expires)
{
	hrtimer_start(&timers[number].timer, expires, HRTIMER_MODE_ABS_PINNED);
}

static int __init hrtimer_order_init(void)
{
	ktime_t base;
	int number;

	for (number = 0; number < 4; number++)
		set_up(number, HRTIMER_MODE_ABS_PINNED);
	for (; number < TIMERS; number++)
		set_up(number, HRTIMER_MODE_ABS_PINNED_SOFT);

	pr_info("falling and equal expiries\n");
	local_irq_disable();
	base = ktime_get();
	start(0, ktime_add_us(base, 400));
	start(1, ktime_add_us(base, 200));
	start(2, ktime_add_us(base, 200));
	start(3, ktime_add_us(base, 100));
	mdelay(2);
	local_irq_enable();

	pr_info("an equal one started anew\n");
	local_irq_disable();
	base = ktime_get();
	start(0, ktime_add_us(base, 100));
	start(1, ktime_add_us(base, 100));
	start(2, ktime_add_us(base, 100));
	start(0, ktime_add_us(base, 100));
	mdelay(2);
	local_irq_enable();

	pr_info("soft ones before hard ones\n");
	local_bh_disable();
	local_irq_disable();
	base = ktime_get();
	hrtimer_start(&timers[5].timer, ktime_add_us(base, 200), HRTIMER_MODE_ABS_PINNED_SOFT);
	hrtimer_start(&timers[4].timer, ktime_add_us(base, 100), HRTIMER_MODE_ABS_PINNED_SOFT);
	start(1, ktime_add_us(base, 300));
	start(0, base);
	mdelay(2);
	local_irq_enable();
	mdelay(1);
	pr_info("bottom halves disabled\n");
	local_bh_enable();
	pr_info("bottom halves enabled\n");
	return 0;
}

static void __exit hrtimer_order_exit(void)
{
	int number;

	for (number = 0; number < TIMERS; number++)
		hrtimer_cancel(&timers[number].timer);
}

module_init(hrtimer_order_init);
module_exit(hrtimer_order_exit);
MODULE_LICENSE("Dual MIT/GPL");
