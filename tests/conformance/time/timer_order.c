// SPDX-License-Identifier: MIT
// conformance: the order of timers that expire at the same tick and at different ones, however they were armed
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/timer.h>

#define TIMERS 5

struct numbered {
	struct timer_list timer;
	int number;
};

static struct numbered timers[TIMERS];
static DECLARE_COMPLETION(done);
static int fired, awaited;

static void run_timer(struct timer_list *timer)
{
	struct numbered *numbered = from_timer(numbered, timer, timer);

	pr_info("timer %d\n", numbered->number);
	if (++fired == awaited)
		complete(&done);
}

/* All armed within one tick: interrupts are off meanwhile. */
static void arm(const unsigned int *delays, int count)
{
	unsigned long flags;
	int index;

	fired = 0;
	awaited = count;
	local_irq_save(flags);
	for (index = 0; index < count; index++)
		mod_timer(&timers[index].timer, jiffies + delays[index]);
	local_irq_restore(flags);
}

static int __init timer_order_init(void)
{
	static const unsigned int equal[] = { 3, 3, 3, 3 };
	static const unsigned int falling[] = { 6, 5, 4, 3 };
	static const unsigned int mixed[] = { 4, 3, 4, 3, 4 };
	unsigned long flags, distant;
	int index;

	for (index = 0; index < TIMERS; index++) {
		timer_setup(&timers[index].timer, run_timer, TIMER_PINNED);
		timers[index].number = index;
	}
	pr_info("equal expiry\n");
	arm(equal, ARRAY_SIZE(equal));
	wait_for_completion(&done);
	pr_info("falling expiry\n");
	arm(falling, ARRAY_SIZE(falling));
	wait_for_completion(&done);
	pr_info("mixed\n");
	arm(mixed, ARRAY_SIZE(mixed));
	wait_for_completion(&done);

	pr_info("the first one modified to the same expiry, the second one to another and back\n");
	local_irq_save(flags);
	arm(equal, ARRAY_SIZE(equal));
	mod_timer(&timers[0].timer, timers[0].timer.expires);
	mod_timer(&timers[1].timer, timers[1].timer.expires + 1);
	mod_timer(&timers[1].timer, timers[1].timer.expires - 1);
	local_irq_restore(flags);
	wait_for_completion(&done);

	pr_info("from a coarser level of the wheel and from the finest one\n");
	local_irq_save(flags);
	fired = 0;
	awaited = 3;
	distant = round_up(jiffies + 72, 8);
	mod_timer(&timers[0].timer, distant - 1);
	local_irq_restore(flags);
	while (time_before(jiffies, distant - 40))
		msleep(20);
	mod_timer(&timers[1].timer, distant - 1);
	mod_timer(&timers[2].timer, distant - 3);
	wait_for_completion(&done);

	pr_info("the next tick and the past\n");
	local_bh_disable();
	local_irq_save(flags);
	fired = 0;
	awaited = 2;
	mod_timer(&timers[0].timer, jiffies + 1);
	mod_timer(&timers[1].timer, jiffies - 5);
	local_irq_restore(flags);
	mdelay(30);
	pr_info("bottom halves disabled\n");
	local_bh_enable();
	wait_for_completion(&done);
	return 0;
}

static void __exit timer_order_exit(void)
{
}

module_init(timer_order_init);
module_exit(timer_order_exit);
MODULE_LICENSE("Dual MIT/GPL");
