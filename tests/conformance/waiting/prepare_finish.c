// SPDX-License-Identifier: MIT
// conformance: prepare_to_wait() and finish_wait(): the queue, the entry's flags and the task's state after each
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);

static int entries(void)
{
	struct list_head *node;
	int count = 0;

	list_for_each(node, &queue.head) count++;
	return count;
}

static void show(const char *what, struct wait_queue_entry *entry)
{
	pr_info("%-34s state %x flags %x queued %d entries %d active %d single %d\n", what,
		READ_ONCE(current->__state), entry->flags, !list_empty_careful(&entry->entry),
		entries(), waitqueue_active(&queue), wq_has_single_sleeper(&queue));
}

static int waits(void *unused)
{
	DEFINE_WAIT(entry);
	DEFINE_WAIT(other);
	long result;

	show("DEFINE_WAIT", &entry);
	pr_info("function is autoremove_wake_function %d, private is current %d\n",
		entry.func == autoremove_wake_function, entry.private == current);
	prepare_to_wait(&queue, &entry, TASK_UNINTERRUPTIBLE);
	show("prepare_to_wait", &entry);
	prepare_to_wait(&queue, &entry, TASK_INTERRUPTIBLE);
	show("prepare_to_wait again", &entry);
	result = prepare_to_wait_exclusive(&queue, &entry, TASK_INTERRUPTIBLE);
	show("prepare_to_wait_exclusive, queued", &entry);
	pr_info("result %ld\n", result);
	prepare_to_wait(&queue, &entry, TASK_KILLABLE);
	show("prepare_to_wait once more", &entry);
	wake_up_interruptible(&queue);
	show("woken in another state", &entry);
	wake_up(&queue);
	show("woken", &entry);
	schedule();
	show("schedule", &entry);
	finish_wait(&queue, &entry);
	show("finish_wait", &entry);
	result = prepare_to_wait_exclusive(&queue, &entry, TASK_INTERRUPTIBLE);
	pr_info("prepare_to_wait_exclusive, empty queue: %ld\n", result);
	result = prepare_to_wait_exclusive(&queue, &other, TASK_INTERRUPTIBLE);
	pr_info("prepare_to_wait_exclusive, other entry: %ld\n", result);
	show("two", &other);
	wake_up(&queue);
	show("the first is woken", &entry);
	show("the second is not", &other);
	wake_up(&queue);
	show("no second wake-up while running", &other);
	set_current_state(TASK_IDLE);
	wake_up(&queue);
	show("with TASK_IDLE it is", &other);
	finish_wait(&queue, &other);
	finish_wait(&queue, &entry);
	show("finish_wait, not queued", &other);

	init_wait_entry(&entry, WQ_FLAG_EXCLUSIVE);
	pr_info("prepare_to_wait_event %ld\n",
		prepare_to_wait_event(&queue, &entry, TASK_INTERRUPTIBLE));
	show("no signal", &entry);
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	pr_info("prepare_to_wait_event %ld\n",
		prepare_to_wait_event(&queue, &entry, TASK_UNINTERRUPTIBLE));
	show("signal, uninterruptible", &entry);
	pr_info("prepare_to_wait_event %ld\n",
		prepare_to_wait_event(&queue, &entry, TASK_KILLABLE));
	show("signal, killable", &entry);
	pr_info("prepare_to_wait_event %ld\n",
		prepare_to_wait_event(&queue, &entry, TASK_INTERRUPTIBLE));
	show("signal, interruptible", &entry);
	finish_wait(&queue, &entry);
	show("the end", &entry);
	return 0;
}

static int __init prepare_finish_init(void)
{
	struct task_struct *task = kthread_create(waits, NULL, "waits");

	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	wake_up_process(task);
	while (!READ_ONCE(task->exit_state)) /* ends: the thread does not wait for anybody */
		schedule_timeout_uninterruptible(1);
	put_task_struct(task);
	return 0;
}

static void __exit prepare_finish_exit(void)
{
}

module_init(prepare_finish_init);
module_exit(prepare_finish_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("prepare_to_wait() and finish_wait()");
