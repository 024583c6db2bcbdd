// SPDX-License-Identifier: MIT
// conformance: what the functions of timer_list return and leave behind for a timer that waits and for one that does not
#include <linux/module.h>
#include <linux/timer.h>

static void run_timer(struct timer_list *timer)
{
}

static DEFINE_TIMER(timer, run_timer);
static unsigned long base;

static void show(const char *what, int result)
{
	if (timer_pending(&timer))
		pr_info("%s: %d, waits for tick %ld\n", what, result, (long)(timer.expires - base));
	else
		pr_info("%s: %d, does not wait\n", what, result);
}

static void show_idle(void)
{
	show("del_timer", del_timer(&timer));
	show("del_timer_sync", del_timer_sync(&timer));
	show("try_to_del_timer_sync", try_to_del_timer_sync(&timer));
	show("mod_timer_pending", mod_timer_pending(&timer, base + 1000));
	show("timer_reduce", timer_reduce(&timer, base + 2000));
	show("del_timer", del_timer(&timer));
	show("mod_timer", mod_timer(&timer, base + 1000));
}

static void show_pending(void)
{
	show("mod_timer to the same", mod_timer(&timer, base + 1000));
	show("mod_timer later", mod_timer(&timer, base + 3000));
	show("mod_timer earlier", mod_timer(&timer, base + 2000));
	show("mod_timer_pending", mod_timer_pending(&timer, base + 2500));
	show("timer_reduce later", timer_reduce(&timer, base + 2600));
	show("timer_reduce to the same", timer_reduce(&timer, base + 2500));
	show("timer_reduce earlier", timer_reduce(&timer, base + 1500));
	show("timer_reduce by one tick", timer_reduce(&timer, base + 1499));
	show("mod_timer by one tick", mod_timer(&timer, base + 1500));
	show("try_to_del_timer_sync", try_to_del_timer_sync(&timer));
	show("mod_timer", mod_timer(&timer, base + 1000));
	show("del_timer_sync", del_timer_sync(&timer));
	timer.expires = base + 1200;
	add_timer(&timer);
	show("add_timer", 0);
	show("del_timer", del_timer(&timer));
	timer.expires = base + 1300;
	add_timer_on(&timer, 3);
	show("add_timer_on", (int)(timer.flags & TIMER_CPUMASK));
	show("del_timer_sync", del_timer_sync(&timer));
}

static int __init timer_returns_init(void)
{
	base = jiffies;
	show("declared", 0);
	show_idle();
	show_pending();
	timer_setup(&timer, run_timer, TIMER_DEFERRABLE);
	pr_info("flags of a deferrable one: %x\n", timer.flags & ~TIMER_CPUMASK);
	timer_setup(&timer, run_timer, TIMER_PINNED | TIMER_IRQSAFE);
	pr_info("flags of a pinned irqsafe one: %x\n", timer.flags & ~TIMER_CPUMASK);
	timer_shutdown_sync(&timer);
	pr_info("after timer_shutdown_sync: function %d\n", timer.function != NULL);
	show("mod_timer", mod_timer(&timer, base + 1000));
	show("timer_shutdown", timer_shutdown(&timer));
	return 0;
}

static void __exit timer_returns_exit(void)
{
}

module_init(timer_returns_init);
module_exit(timer_returns_exit);
MODULE_LICENSE("Dual MIT/GPL");
