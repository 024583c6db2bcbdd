// SPDX-License-Identifier: MIT
// conformance: What the wait_event family returns: at once, after its time, with a signal
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);

#define SHOW(wait) pr_info("%-66s %ld\n", #wait, (long)(wait))

static void show_at_once(void)
{
	SHOW(wait_event_timeout(queue, true, 100));
	SHOW(wait_event_timeout(queue, true, 1));
	SHOW(wait_event_timeout(queue, true, 0));
	SHOW(wait_event_timeout(queue, 7, 5));
	SHOW(wait_event_timeout(queue, false, 0));
	SHOW(wait_event_idle_timeout(queue, true, 9));
	SHOW(wait_event_interruptible(queue, true));
	SHOW(wait_event_interruptible_timeout(queue, true, 0));
	SHOW(wait_event_interruptible_timeout(queue, false, 0));
	SHOW(wait_event_killable(queue, true));
	SHOW(wait_event_killable_timeout(queue, true, 3));
	SHOW(wait_event_interruptible_exclusive(queue, true));
	SHOW(wait_event_freezable(queue, true));
	SHOW(wait_event_hrtimeout(queue, true, 0));
	SHOW(wait_event_hrtimeout(queue, false, 0));
	SHOW(wait_event_interruptible_hrtimeout(queue, true, 1000));
	SHOW(wait_event_timeout(queue, true, MAX_SCHEDULE_TIMEOUT) == MAX_SCHEDULE_TIMEOUT);
	SHOW(wait_event_timeout(queue, true, -5));
}

static void show_after_time(void)
{
	SHOW(wait_event_timeout(queue, false, 1));
	SHOW(wait_event_idle_timeout(queue, false, 2));
	SHOW(wait_event_interruptible_timeout(queue, false, 1));
	SHOW(wait_event_killable_timeout(queue, false, 1));
	SHOW(wait_event_hrtimeout(queue, false, ms_to_ktime(2)));
	SHOW(wait_event_interruptible_hrtimeout(queue, false, ms_to_ktime(2)));
}

static void show_with_signal(void)
{
	SHOW(wait_event_interruptible(queue, false));
	SHOW(wait_event_interruptible(queue, true));
	SHOW(wait_event_interruptible_timeout(queue, false, 50));
	SHOW(wait_event_interruptible_timeout(queue, false, 0));
	SHOW(wait_event_interruptible_timeout(queue, true, 50));
	SHOW(wait_event_interruptible_exclusive(queue, false));
	SHOW(wait_event_interruptible_hrtimeout(queue, false, ms_to_ktime(20)));
	SHOW(wait_event_freezable(queue, false));
	SHOW(wait_event_timeout(queue, false, 1));
	SHOW(wait_event_killable_timeout(queue, false, 1));
	pr_info("still pending %d, fatal %d, queue active %d, state %x\n", signal_pending(current),
		fatal_signal_pending(current), waitqueue_active(&queue),
		READ_ONCE(current->__state));
}

static int waits(void *unused)
{
	show_at_once();
	show_after_time();
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	show_with_signal();
	complete(&done);
	return 0;
}

static int __init event_results_init(void)
{
	struct task_struct *task = kthread_run(waits, NULL, "waits");

	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	return 0;
}

static void __exit event_results_exit(void)
{
}

module_init(event_results_init);
module_exit(event_results_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Results of the wait_event family");
