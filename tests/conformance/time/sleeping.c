// SPDX-License-Identifier: MIT
// conformance: that sleeping functions sleep at least so long, what they return, and the task's state afterwards
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/sched.h>

static ktime_t begun;
static unsigned long begun_ticks;

static void begin(void)
{
	begun = ktime_get();
	begun_ticks = jiffies;
}

static void end(const char *what, s64 us_min, long result)
{
	s64 us = ktime_us_delta(ktime_get(), begun);

	pr_info("%s: %ld, at least %lld us: %d, less than a second: %d, state %u\n", what, result, us_min, us >= us_min,
		us < 1000000, READ_ONCE(current->__state));
}

static void sleep_timeouts(void)
{
	long left;

	begin();
	left = schedule_timeout_uninterruptible(3);
	end("schedule_timeout_uninterruptible(3)", 8000, left);
	pr_info("at least 3 ticks: %d\n", jiffies - begun_ticks >= 3);
	begin();
	left = schedule_timeout_interruptible(2);
	end("schedule_timeout_interruptible(2)", 4000, left);
	begin();
	left = schedule_timeout_killable(1);
	end("schedule_timeout_killable(1)", 0, left);
	begin();
	left = schedule_timeout_idle(1);
	end("schedule_timeout_idle(1)", 0, left);
	begin();
	left = schedule_timeout_uninterruptible(0);
	end("schedule_timeout_uninterruptible(0)", 0, left);
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);
	begin();
	left = schedule_timeout(1000);
	end("schedule_timeout(1000) when woken before", 0, left > 900);
	begin();
	left = schedule_timeout(1000);
	end("schedule_timeout(1000) while running", 0, left > 900);
}

static void sleep_hrtimeouts(void)
{
	ktime_t timeout = ns_to_ktime(1500000);
	int result;

	begin();
	set_current_state(TASK_UNINTERRUPTIBLE);
	result = schedule_hrtimeout(&timeout, HRTIMER_MODE_REL);
	end("schedule_hrtimeout", 1500, result);
	timeout = 0;
	begin();
	set_current_state(TASK_UNINTERRUPTIBLE);
	result = schedule_hrtimeout(&timeout, HRTIMER_MODE_REL);
	end("schedule_hrtimeout of 0", 0, result);
	timeout = ktime_add_us(ktime_get(), 1200);
	begin();
	set_current_state(TASK_INTERRUPTIBLE);
	result = schedule_hrtimeout_range(&timeout, 100000, HRTIMER_MODE_ABS);
	end("schedule_hrtimeout_range, absolute", 0, result);
	timeout = ms_to_ktime(60000);
	begin();
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);
	result = schedule_hrtimeout(&timeout, HRTIMER_MODE_REL);
	end("schedule_hrtimeout when woken before", 0, result);
}

static int __init sleeping_init(void)
{
	begin();
	msleep(5);
	end("msleep(5)", 5000, 0);
	pr_info("at least 3 ticks: %d\n", jiffies - begun_ticks >= 3);
	begin();
	msleep(0);
	end("msleep(0)", 0, 0);
	begin();
	end("msleep_interruptible(1)", 0, msleep_interruptible(1));
	begin();
	usleep_range(1000, 1500);
	end("usleep_range(1000, 1500)", 1000, 0);
	begin();
	fsleep(25000);
	end("fsleep(25000)", 25000, 0);
	begin();
	udelay(300);
	end("udelay(300)", 300, 0);
	begin();
	mdelay(3);
	end("mdelay(3)", 3000, 0);
	sleep_timeouts();
	sleep_hrtimeouts();
	return 0;
}

static void __exit sleeping_exit(void)
{
}

module_init(sleeping_init);
module_exit(sleeping_exit);
MODULE_LICENSE("Dual MIT/GPL");
