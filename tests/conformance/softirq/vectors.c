// SPDX-License-Identifier: MIT
// conformance: the order of high tasklets, timers and tasklets that all wait when bottom halves are enabled
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/timer.h>

static void in_tasklet(struct tasklet_struct *tasklet)
{
	pr_info("tasklet\n");
}

static void in_high_tasklet(struct tasklet_struct *tasklet)
{
	pr_info("high tasklet\n");
}

static void in_timer(struct timer_list *timer)
{
	pr_info("timer\n");
}

static enum hrtimer_restart in_soft_hrtimer(struct hrtimer *timer)
{
	pr_info("soft hrtimer\n");
	return HRTIMER_NORESTART;
}

static DECLARE_TASKLET(tasklet, in_tasklet);
static DECLARE_TASKLET(high_tasklet, in_high_tasklet);
static DEFINE_TIMER(timer, in_timer);
static struct hrtimer hrtimer;

static int __init vectors_init(void)
{
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	hrtimer.function = in_soft_hrtimer;

	local_bh_disable();
	hrtimer_start(&hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED_SOFT);
	mod_timer(&timer, jiffies + 1);
	tasklet_schedule(&tasklet);
	tasklet_hi_schedule(&high_tasklet);
	mdelay(24);
	pr_info("bottom halves disabled\n");
	pr_info("timer waits %d, hrtimer waits %d\n", timer_pending(&timer), hrtimer_is_queued(&hrtimer));
	local_bh_enable();
	pr_info("bottom halves enabled\n");
	pr_info("timer waits %d, hrtimer waits %d\n", timer_pending(&timer), hrtimer_is_queued(&hrtimer));
	return 0;
}

static void __exit vectors_exit(void)
{
}

module_init(vectors_init);
module_exit(vectors_exit);
MODULE_LICENSE("Dual MIT/GPL");
