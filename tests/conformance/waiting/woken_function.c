// SPDX-License-Identifier: MIT
// conformance: wait_woken(): a wake-up before the sleep is not lost, WQ_FLAG_WOKEN, what it returns
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);

static int waits(void *unused)
{
	DEFINE_WAIT_FUNC(entry, woken_wake_function);
	long left;

	add_wait_queue(&queue, &entry);
	pr_info("flags %x\n", entry.flags);
	wake_up(&queue);
	pr_info("woken: flags %x, active %d\n", entry.flags, waitqueue_active(&queue));
	left = wait_woken(&entry, TASK_INTERRUPTIBLE, 50);
	pr_info("wait_woken %ld, flags %x, state %x\n", left, entry.flags,
		READ_ONCE(current->__state));
	left = wait_woken(&entry, TASK_INTERRUPTIBLE, 1);
	pr_info("wait_woken %ld, flags %x, state %x\n", left, entry.flags,
		READ_ONCE(current->__state));
	wake_up_interruptible(&queue);
	wake_up(&queue);
	left = wait_woken(&entry, TASK_UNINTERRUPTIBLE, MAX_SCHEDULE_TIMEOUT);
	pr_info("wait_woken all is left %d, flags %x\n", left == MAX_SCHEDULE_TIMEOUT, entry.flags);
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	left = wait_woken(&entry, TASK_INTERRUPTIBLE, 500);
	pr_info("with a signal: most is left %d, flags %x\n", left > 400, entry.flags);
	left = wait_woken(&entry, TASK_UNINTERRUPTIBLE, 1);
	pr_info("uninterruptible: %ld, flags %x\n", left, entry.flags);
	remove_wait_queue(&queue, &entry);
	complete(&done);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
		flush_signals(current);
	}
	__set_current_state(TASK_RUNNING);
	left = wait_woken(&entry, TASK_INTERRUPTIBLE, 77);
	pr_info("to be stopped: %ld\n", left);
	return 0;
}

static int __init woken_function_init(void)
{
	struct task_struct *task = kthread_run(waits, NULL, "waits");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	pr_info("kthread_stop %d\n", kthread_stop(task));
	return 0;
}

static void __exit woken_function_exit(void)
{
}

module_init(woken_function_init);
module_exit(woken_function_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("wait_woken()");
