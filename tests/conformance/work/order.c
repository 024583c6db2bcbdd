// SPDX-License-Identifier: MIT
// conformance: work queued on one CPU runs in the order of queuing, on an ordered queue too, and once for two queuings
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

#define WORKS 5

struct numbered {
	struct work_struct work;
	int number;
};

static struct numbered works[WORKS];

static void run_work(struct work_struct *work)
{
	pr_info("work %d\n", container_of(work, struct numbered, work)->number);
}

/* The CPU's worker cannot run in between, as preemption is off and it is this CPU's. */
static void queue_all(struct workqueue_struct *queue)
{
	int index;

	preempt_disable();
	for (index = 0; index < WORKS; index++)
		pr_info("queue %d: %d\n", index, queue_work_on(1, queue, &works[index].work));
	pr_info("queue 2 again: %d\n", queue_work_on(1, queue, &works[2].work));
	preempt_enable();
	flush_workqueue(queue);
}

static int __init order_init(void)
{
	struct workqueue_struct *bound = alloc_workqueue("bound", 0, 0);
	struct workqueue_struct *single = alloc_workqueue("single", 0, 1);
	struct workqueue_struct *ordered = alloc_ordered_workqueue("ordered", 0);
	int index;

	if (!bound || !single || !ordered)
		return -ENOMEM;
	for (index = 0; index < WORKS; index++) {
		INIT_WORK(&works[index].work, run_work);
		works[index].number = index;
	}
	pr_info("bound\n");
	queue_all(bound);
	pr_info("one at a time\n");
	queue_all(single);
	pr_info("ordered\n");
	preempt_disable();
	for (index = WORKS - 1; index >= 0; index--)
		queue_work(ordered, &works[index].work);
	preempt_enable();
	flush_workqueue(ordered);
	pr_info("cancelled in the middle\n");
	preempt_disable();
	for (index = 0; index < WORKS; index++)
		queue_work_on(1, bound, &works[index].work);
	pr_info("cancel_work 1: %d\n", cancel_work(&works[1].work));
	pr_info("cancel_work 1: %d\n", cancel_work(&works[1].work));
	pr_info("queue 0 again: %d\n", queue_work_on(1, bound, &works[0].work));
	pr_info("queue 1 again: %d\n", queue_work_on(1, bound, &works[1].work));
	preempt_enable();
	flush_workqueue(bound);
	destroy_workqueue(bound);
	destroy_workqueue(single);
	destroy_workqueue(ordered);
	return 0;
}

static void __exit order_exit(void)
{
}

module_init(order_init);
module_exit(order_exit);
MODULE_LICENSE("Dual MIT/GPL");
