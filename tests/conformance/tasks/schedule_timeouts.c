// SPDX-License-Identifier: MIT
// conformance: What schedule_timeout() and its relatives return, by state, with wake-ups and with signals
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

static DECLARE_COMPLETION(done);
static int started;

#define SHOW(call)                                                                                 \
	do {                                                                                       \
		long result = (call);                                                              \
		pr_info("%-46s %ld, state %x\n", #call, result, READ_ONCE(current->__state));      \
	} while (0)

/* The result, as far as Linux determines it: all, nothing or something is left. */
#define SHOW_LEFT(call, all)                                                                       \
	do {                                                                                       \
		long result = (call);                                                              \
		pr_info("%-46s %s is left, state %x\n", #call,                                     \
			result == 0				? "nothing"                        \
			: result > (all)-500 && result <= (all) ? "nearly all"                     \
								: "something",                     \
			READ_ONCE(current->__state));                                              \
	} while (0)

static int sleeps(void *unused)
{
	unsigned long before = jiffies;

	SHOW(schedule_timeout_interruptible(0));
	SHOW(schedule_timeout_interruptible(1));
	SHOW(schedule_timeout_uninterruptible(2));
	SHOW(schedule_timeout_killable(1));
	SHOW(schedule_timeout_idle(3));
	pr_info("at least 6 ticks %d\n", time_after_eq(jiffies, before + 6));
	set_current_state(TASK_INTERRUPTIBLE);
	SHOW(schedule_timeout(1));
	SHOW_LEFT(schedule_timeout(1000), 1000);
	set_current_state(TASK_INTERRUPTIBLE);
	wake_up_process(current);
	SHOW_LEFT(schedule_timeout(1000), 1000);
	set_current_state(TASK_UNINTERRUPTIBLE);
	wake_up_process(current);
	pr_info("no limit: %d\n", schedule_timeout(MAX_SCHEDULE_TIMEOUT) == MAX_SCHEDULE_TIMEOUT);
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	SHOW_LEFT(schedule_timeout_interruptible(1000), 1000);
	SHOW(schedule_timeout_uninterruptible(1));
	SHOW(schedule_timeout_killable(1));
	pr_info("msleep_interruptible most is left %d\n", msleep_interruptible(1000) > 500);
	set_current_state(TASK_INTERRUPTIBLE);
	schedule();
	pr_info("schedule with a signal: state %x\n", READ_ONCE(current->__state));
	complete(&done);
	return 0;
}

static int is_woken(void *unused)
{
	WRITE_ONCE(started, 1);
	SHOW_LEFT(schedule_timeout_interruptible(100000), 100000);
	complete(&done);
	return 0;
}

static int __init schedule_timeouts_init(void)
{
	struct task_struct *task = kthread_run(sleeps, NULL, "sleeps");
	int result;

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	task = kthread_run(is_woken, NULL, "is_woken");
	if (IS_ERR(task))
		return PTR_ERR(task);
	do /* ends: it sleeps */
		schedule_timeout_uninterruptible(1);
	while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
	result = wake_up_process(task);
	wait_for_completion(&done);
	pr_info("wake_up_process %d\n", result);
	return 0;
}

static void __exit schedule_timeouts_exit(void)
{
}

module_init(schedule_timeouts_init);
module_exit(schedule_timeouts_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Results of schedule_timeout()");
