// SPDX-License-Identifier: MIT
// conformance: work that queues itself: what it sees, that it never runs twice at once, and how it is ended
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;
static int runs, active, most_active;
static bool must_stop;
static DECLARE_COMPLETION(done);

static void run_three(struct work_struct *work)
{
	int number = ++runs;

	pr_info("run %d: pending %d, current %d\n", number, work_pending(work), current_work() == work);
	if (number < 3) {
		pr_info("queue itself: %d\n", queue_work(queue, work));
		pr_info("again: %d\n", queue_work(queue, work));
	}
	if (number == 2) {
		pr_info("cancel itself: %d\n", cancel_work(work));
		pr_info("again: %d, pending %d\n", cancel_work(work), work_pending(work));
		complete(&done);
	}
}

static void run_for_ever(struct work_struct *work)
{
	active++;
	if (active > most_active)
		most_active = active;
	runs++;
	if (!READ_ONCE(must_stop))
		queue_work_on(runs % 4, queue, work);
	cond_resched();
	active--;
}

static DECLARE_WORK(three, run_three);
static DECLARE_WORK(for_ever, run_for_ever);

static int __init requeue_init(void)
{
	queue = alloc_workqueue("queue", 0, 0);
	if (!queue)
		return -ENOMEM;
	queue_work(queue, &three);
	wait_for_completion(&done);
	flush_work(&three);
	pr_info("runs %d\n", runs);
	pr_info("queued by the caller: %d\n", queue_work(queue, &three));
	flush_work(&three);
	pr_info("runs %d\n", runs);

	runs = 0;
	queue_work(queue, &for_ever);
	while (READ_ONCE(runs) < 50)
		cond_resched();
	cancel_work_sync(&for_ever);
	pr_info("cancel_work_sync ends it: pending %d, busy %u\n", work_pending(&for_ever), work_busy(&for_ever));
	pr_info("at most %d at once\n", most_active);
	runs = 0;
	queue_work(queue, &for_ever);
	while (READ_ONCE(runs) < 50)
		cond_resched();
	WRITE_ONCE(must_stop, true);
	drain_workqueue(queue);
	pr_info("drained: pending %d, busy %u\n", work_pending(&for_ever), work_busy(&for_ever));
	destroy_workqueue(queue);
	return 0;
}

static void __exit requeue_exit(void)
{
}

module_init(requeue_init);
module_exit(requeue_exit);
MODULE_LICENSE("Dual MIT/GPL");
