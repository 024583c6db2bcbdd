// SPDX-License-Identifier: MIT
// conformance: complete() releases waiters in the order of their arrival, a signal ends only the wait that listens to it
// unordered: ^waiter [23] goes on | complete_all releases both at the same time, on two CPUs
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>

#define WAITERS 4

static DECLARE_COMPLETION(event);
static DECLARE_COMPLETION(reported);
static int started;
static struct task_struct *tasks[WAITERS];

static int waits(void *number)
{
	WRITE_ONCE(started, 1);
	wait_for_completion(&event);
	pr_info("waiter %ld goes on, done %u\n", (long)number, event.done);
	complete(&reported);
	return 0;
}

static int is_interrupted(void *unused)
{
	long result;

	allow_signal(SIGUSR1);
	WRITE_ONCE(started, 1);
	result = wait_for_completion_interruptible(&event);
	pr_info("interruptible %ld\n", result);
	result = wait_for_completion_interruptible_timeout(&event, 1000);
	pr_info("interruptible_timeout %ld\n", result);
	result = wait_for_completion_killable_timeout(&event, 1);
	pr_info("killable_timeout %ld\n", result);
	complete(&event);
	result = wait_for_completion_interruptible(&event);
	pr_info("interruptible with one there %ld, done %u\n", result, event.done);
	flush_signals(current);
	complete(&reported);
	return 0;
}

static void wait_until_asleep(struct task_struct *task)
{
	do /* ends: the thread waits for the completion */
		schedule_timeout_uninterruptible(1);
	while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
}

static struct task_struct *start(int (*function)(void *), long number)
{
	struct task_struct *task = kthread_create(function, (void *)number, "waiter/%ld", number);

	if (IS_ERR(task))
		return NULL;
	kthread_bind(task, number % 4);
	get_task_struct(task);
	WRITE_ONCE(started, 0);
	wake_up_process(task);
	wait_until_asleep(task);
	return task;
}

static int __init completion_waiters_init(void)
{
	struct task_struct *task;
	int i;

	for (i = 0; i < WAITERS; i++)
		tasks[i] = start(waits, i);
	pr_info("waiting: done %u, completion_done %d, try_wait %d\n", event.done,
		completion_done(&event), try_wait_for_completion(&event));
	complete(&event);
	wait_for_completion(&reported);
	complete(&event);
	wait_for_completion(&reported);
	complete_all(&event);
	wait_for_completion(&reported);
	wait_for_completion(&reported);
	pr_info("at the end done %u\n", event.done);
	for (i = 0; i < WAITERS; i++)
		if (tasks[i])
			put_task_struct(tasks[i]);
	reinit_completion(&event);
	task = start(is_interrupted, 2);
	if (!task)
		return -ENOMEM;
	send_sig(SIGUSR1, task, 1);
	wait_for_completion(&reported);
	put_task_struct(task);
	return 0;
}

static void __exit completion_waiters_exit(void)
{
}

module_init(completion_waiters_init);
module_exit(completion_waiters_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Those who wait for a completion");
