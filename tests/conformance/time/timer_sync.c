// SPDX-License-Identifier: MIT
// conformance: what deleting does while the callback runs on another CPU, and to a callback that arms its timer again
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/timer.h>

static DECLARE_COMPLETION(begun);
static bool may_end, has_ended;
static bool arms_again;

static void run_timer(struct timer_list *timer)
{
	WRITE_ONCE(has_ended, false);
	complete(&begun);
	while (!READ_ONCE(may_end))
		cpu_relax();
	if (arms_again)
		mod_timer(timer, jiffies + 1);
	mdelay(2);
	WRITE_ONCE(has_ended, true);
}

static DEFINE_TIMER(timer, run_timer);

static void begin(void)
{
	WRITE_ONCE(may_end, false);
	timer.expires = jiffies + 1;
	add_timer_on(&timer, 2);
	wait_for_completion(&begun);
}

static int __init timer_sync_init(void)
{
	begin();
	pr_info("while it runs: waits %d\n", timer_pending(&timer));
	pr_info("del_timer: %d\n", del_timer(&timer));
	pr_info("try_to_del_timer_sync: %d\n", try_to_del_timer_sync(&timer));
	pr_info("mod_timer: %d\n", mod_timer(&timer, jiffies + 100000));
	pr_info("waits %d, on CPU %u\n", timer_pending(&timer), timer.flags & TIMER_CPUMASK);
	pr_info("try_to_del_timer_sync: %d, waits %d\n", try_to_del_timer_sync(&timer), timer_pending(&timer));
	pr_info("del_timer: %d\n", del_timer(&timer));
	WRITE_ONCE(may_end, true);
	pr_info("del_timer_sync: %d\n", del_timer_sync(&timer));
	pr_info("has ended %d\n", READ_ONCE(has_ended));

	begin();
	arms_again = true;
	WRITE_ONCE(may_end, true);
	pr_info("del_timer_sync of one that arms itself: %d\n", del_timer_sync(&timer));
	pr_info("has ended %d, waits %d\n", READ_ONCE(has_ended), timer_pending(&timer));
	return 0;
}

static void __exit timer_sync_exit(void)
{
}

module_init(timer_sync_init);
module_exit(timer_sync_exit);
MODULE_LICENSE("Dual MIT/GPL");
