// SPDX-License-Identifier: MIT
// conformance: Simple wait queues: first in, first out, and what the swait_event family returns
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/swait.h>

#define WAITERS 3

static DECLARE_SWAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(reported);
static int tickets;
static int started;

static bool take_ticket(void)
{
	if (!READ_ONCE(tickets))
		return false;
	WRITE_ONCE(tickets, tickets - 1);
	return true;
}

static int waits(void *number)
{
	WRITE_ONCE(started, 1);
	swait_event_exclusive(queue, take_ticket());
	pr_info("waiter %ld goes on\n", (long)number);
	complete(&reported);
	return 0;
}

#define SHOW(wait) pr_info("%-70s %ld\n", #wait, (long)(wait))

static int shows_results(void *unused)
{
	SHOW(swait_event_timeout_exclusive(queue, true, 0));
	SHOW(swait_event_timeout_exclusive(queue, true, 10));
	SHOW(swait_event_timeout_exclusive(queue, false, 1));
	SHOW(swait_event_interruptible_exclusive(queue, true));
	SHOW(swait_event_interruptible_timeout_exclusive(queue, false, 1));
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	SHOW(swait_event_interruptible_exclusive(queue, false));
	SHOW(swait_event_interruptible_timeout_exclusive(queue, false, 100));
	SHOW(swait_event_timeout_exclusive(queue, false, 1));
	pr_info("active %d, has sleeper %d\n", swait_active(&queue), swq_has_sleeper(&queue));
	complete(&reported);
	return 0;
}

static int __init simple_queue_init(void)
{
	struct task_struct *task;
	long i;

	for (i = 0; i < WAITERS; i++) {
		task = kthread_create(waits, (void *)i, "waiter/%ld", i);
		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, 2);
		WRITE_ONCE(started, 0);
		wake_up_process(task);
		do /* ends: it sleeps */
			schedule_timeout_uninterruptible(1);
		while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
	}
	pr_info("active %d, has sleeper %d\n", swait_active(&queue), swq_has_sleeper(&queue));
	for (i = 0; i < WAITERS; i++) {
		WRITE_ONCE(tickets, 1);
		swake_up_one(&queue);
		wait_for_completion(&reported);
	}
	swake_up_all(&queue);
	task = kthread_run(shows_results, NULL, "results");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&reported);
	return 0;
}

static void __exit simple_queue_exit(void)
{
}

module_init(simple_queue_init);
module_exit(simple_queue_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Simple wait queues");
