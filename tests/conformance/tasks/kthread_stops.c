// SPDX-License-Identifier: MIT
// conformance: What kthread_stop() returns, and what the thread sees: never run, asleep, ended before, ended by kthread_complete_and_exit()
// open: sleeps: exit_state set \d -> sleeps: exit_state set N | kthread_stop() returns when the thread has begun to exit, or a little later
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(started);
static DECLARE_COMPLETION(ended);
static bool has_run;

static int notes(void *unused)
{
	has_run = true;
	return 3;
}

static int sleeps(void *result)
{
	pr_info("sleeps: should_stop %d\n", kthread_should_stop());
	complete(&started);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	pr_info("sleeps: should_stop %d, still %d\n", kthread_should_stop(), kthread_should_stop());
	return (long)result;
}

static int ends(void *result)
{
	complete(&started);
	return (long)result;
}

static int exits(void *result)
{
	complete(&started);
	kthread_complete_and_exit(NULL, (long)result);
}

static int completes_and_exits(void *result)
{
	complete(&started);
	kthread_complete_and_exit(&ended, (long)result);
}

/* With a reference, as the thread may have ended by itself. */
static void show(const char *what, int (*function)(void *), long result)
{
	struct task_struct *task = kthread_create(function, (void *)result, "stops");

	if (IS_ERR(task))
		return;
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&started);
	if (function != sleeps)
		while (!READ_ONCE(task->exit_state)) /* ends: the thread does */
			schedule_timeout_uninterruptible(1);
	pr_info("%s: kthread_stop %d\n", what, kthread_stop(task));
	pr_info("%s: exit_state set %d, flags: exiting %d\n", what, task->exit_state != 0,
		!!(task->flags & PF_EXITING));
	put_task_struct(task);
}

static int __init kthread_stops_init(void)
{
	struct task_struct *task = kthread_create(notes, NULL, "notes");

	if (IS_ERR(task))
		return PTR_ERR(task);
	pr_info("never run: kthread_stop %d\n", kthread_stop(task));
	pr_info("has_run %d\n", has_run);
	show("sleeps", sleeps, 42);
	show("sleeps", sleeps, -ENOENT);
	show("sleeps", sleeps, 0x12345678);
	show("ends", ends, 7);
	show("ends", ends, -EINTR);
	show("exits", exits, 9);
	show("completes_and_exits", completes_and_exits, -5);
	pr_info("completed %d\n", try_wait_for_completion(&ended));
	return 0;
}

static void __exit kthread_stops_exit(void)
{
}

module_init(kthread_stops_init);
module_exit(kthread_stops_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Results of kthread_stop()");
