// SPDX-License-Identifier: MIT
// conformance: what a timer sees of itself in its callback, and what it may do to itself there
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/timer.h>

static DECLARE_COMPLETION(done);
static unsigned long armed_for;
static int runs;

static void run_timer(struct timer_list *timer)
{
	runs++;
	pr_info("run %d: waits %d, expired in time %d\n", runs, timer_pending(timer), time_after_eq(jiffies, armed_for));
	pr_info("expires is what was asked for: %d\n", timer->expires == armed_for);
	pr_info("del_timer: %d\n", del_timer(timer));
	pr_info("try_to_del_timer_sync: %d\n", try_to_del_timer_sync(timer));
	pr_info("mod_timer_pending: %d\n", mod_timer_pending(timer, jiffies + 1));
	if (runs < 3) {
		armed_for = jiffies + 2;
		pr_info("mod_timer: %d\n", mod_timer(timer, armed_for));
		pr_info("again: %d\n", mod_timer(timer, armed_for));
		pr_info("waits %d, try_to_del_timer_sync: %d, waits %d\n", timer_pending(timer),
			try_to_del_timer_sync(timer), timer_pending(timer));
	} else {
		timer->expires = armed_for = jiffies + 1;
		add_timer(timer);
		pr_info("add_timer, waits %d\n", timer_pending(timer));
		pr_info("del_timer: %d\n", del_timer(timer));
		complete(&done);
	}
}

static DEFINE_TIMER(timer, run_timer);

static int __init timer_callback_init(void)
{
	armed_for = jiffies + 2;
	mod_timer(&timer, armed_for);
	wait_for_completion(&done);
	pr_info("del_timer_sync: %d, runs %d\n", del_timer_sync(&timer), runs);
	return 0;
}

static void __exit timer_callback_exit(void)
{
}

module_init(timer_callback_init);
module_exit(timer_callback_exit);
MODULE_LICENSE("Dual MIT/GPL");
