// SPDX-License-Identifier: MIT
// conformance: what queuing, flushing and cancelling return for work that is idle, queued and running
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/workqueue.h>

static DECLARE_COMPLETION(begun);
static DECLARE_COMPLETION(may_end);
static struct task_struct *waiter;
static int runs;

/* Ends when it may, or when `waiter` waits for it. */
static void run_work(struct work_struct *work)
{
	runs++;
	complete(&begun);
	if (!waiter) {
		wait_for_completion(&may_end);
		return;
	}
	while (!(READ_ONCE(waiter->__state) & TASK_UNINTERRUPTIBLE))
		usleep_range(500, 1000);
}

static DECLARE_WORK(work, run_work);

static void show(const char *what, int result)
{
	unsigned int busy = work_busy(&work);

	pr_info("%s: %d, pending %d, busy: pending %d, running %d, runs %d\n", what, result, work_pending(&work),
		!!(busy & WORK_BUSY_PENDING), !!(busy & WORK_BUSY_RUNNING), runs);
}

static void while_idle(void)
{
	show("idle", 0);
	show("flush_work", flush_work(&work));
	show("cancel_work", cancel_work(&work));
	show("cancel_work_sync", cancel_work_sync(&work));
}

static void while_queued(void)
{
	preempt_disable();
	show("queue", queue_work_on(1, system_wq, &work));
	show("again", queue_work_on(2, system_wq, &work));
	show("on another queue", queue_work_on(1, system_highpri_wq, &work));
	show("cancel_work", cancel_work(&work));
	preempt_enable();
	show("after", 0);
}

static void while_running(void)
{
	schedule_work(&work);
	wait_for_completion(&begun);
	show("running", 0);
	show("cancel_work", cancel_work(&work));
	show("queue", schedule_work(&work));
	show("again", schedule_work(&work));
	show("cancel_work", cancel_work(&work));
	show("queue", schedule_work(&work));
	complete(&may_end);
	wait_for_completion(&begun);
	show("the second run", 0);
	complete(&may_end);
	flush_work(&work);
	show("flushed", 0);
}

static void waited_for(void)
{
	waiter = current;
	schedule_work(&work);
	wait_for_completion(&begun);
	show("flush_work of running", flush_work(&work));
	schedule_work(&work);
	wait_for_completion(&begun);
	schedule_work(&work);
	show("cancel_work_sync of running and queued", cancel_work_sync(&work));
	schedule_work(&work);
	wait_for_completion(&begun);
	show("cancel_work_sync of running", cancel_work_sync(&work));
}

static int __init returns_init(void)
{
	while_idle();
	while_queued();
	while_running();
	waited_for();
	return 0;
}

static void __exit returns_exit(void)
{
	cancel_work_sync(&work);
}

module_init(returns_init);
module_exit(returns_exit);
MODULE_LICENSE("Dual MIT/GPL");
