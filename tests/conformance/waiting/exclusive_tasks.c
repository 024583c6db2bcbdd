// SPDX-License-Identifier: MIT
// conformance: Which of several sleeping tasks a wake-up wakes: all that are not exclusive, and one exclusive, the first to come
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

#define WAITERS 6

static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct task_struct *tasks[WAITERS];
static int woken[WAITERS];
static int started[WAITERS];

static int waits(void *number)
{
	const long self = (long)number;
	const bool is_exclusive = self % 3 != 0;
	DEFINE_WAIT(entry);

	WRITE_ONCE(started[self], 1);
	if (is_exclusive)
		prepare_to_wait_exclusive(&queue, &entry, TASK_UNINTERRUPTIBLE);
	else
		prepare_to_wait(&queue, &entry, TASK_UNINTERRUPTIBLE);
	schedule();
	finish_wait(&queue, &entry);
	WRITE_ONCE(woken[self], 1);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static bool is_settled(void)
{
	int i;

	for (i = 0; i < WAITERS; i++)
		if (tasks[i] &&
		    (!READ_ONCE(started[i]) || !(READ_ONCE(tasks[i]->__state) & TASK_NORMAL)))
			return false;
	return true;
}

static void show(const char *what)
{
	char text[WAITERS + 1] = "";
	int i;

	while (!is_settled()) /* ends: every waiter goes to sleep again */
		schedule_timeout_uninterruptible(1);
	for (i = 0; i < WAITERS; i++)
		text[i] = READ_ONCE(woken[i]) ? '0' + i : '.';
	pr_info("%-22s woken %s, active %d\n", what, text, waitqueue_active(&queue));
}

static void stop_all(void)
{
	int i;

	for (i = 0; i < WAITERS; i++)
		if (tasks[i])
			kthread_stop(tasks[i]);
}

static int __init exclusive_tasks_init(void)
{
	long i;

	for (i = 0; i < WAITERS; i++) {
		struct task_struct *task = kthread_create(waits, (void *)i, "waiter/%ld", i);

		if (IS_ERR(task)) {
			stop_all();
			return PTR_ERR(task);
		}
		kthread_bind(task, i % 4);
		tasks[i] = task;
		wake_up_process(task);
		show("one more waits");
	}
	wake_up_interruptible(&queue);
	show("wake_up_interruptible");
	wake_up(&queue);
	show("wake_up");
	wake_up_nr(&queue, 2);
	show("wake_up_nr 2");
	wake_up(&queue);
	show("wake_up");
	wake_up_all(&queue);
	show("wake_up_all");
	stop_all();
	return 0;
}

static void __exit exclusive_tasks_exit(void)
{
}

module_init(exclusive_tasks_init);
module_exit(exclusive_tasks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Exclusive waiters");
