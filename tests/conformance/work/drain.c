// SPDX-License-Identifier: MIT
// conformance: draining and destroying a queue wait for chained work, in its order; odd arguments of alloc_workqueue
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;
static int chain;

static void run_chain(struct work_struct *work)
{
	pr_info("chain %d\n", chain);
	if (--chain > 0)
		pr_info("queue: %d\n", queue_work(queue, work));
}

static void run_slowly(struct work_struct *work)
{
	msleep(10);
	pr_info("slow work ends\n");
}

static DECLARE_WORK(chained, run_chain);
static DECLARE_WORK(slow, run_slowly);

static int __init drain_init(void)
{
	struct workqueue_struct *too_many;

	queue = alloc_workqueue("drained", 0, 1);
	too_many = alloc_workqueue("%s_%d", 0, 100000, "too_many", 7);
	if (!queue || !too_many)
		return -ENOMEM;
	chain = 3;
	queue_work(queue, &chained);
	drain_workqueue(queue);
	pr_info("drained\n");
	queue_work(queue, &slow);
	flush_workqueue(queue);
	pr_info("flushed\n");
	flush_workqueue(queue);
	chain = 2;
	queue_work(queue, &slow);
	queue_work(queue, &chained);
	destroy_workqueue(queue);
	pr_info("destroyed\n");
	workqueue_set_max_active(too_many, 5);
	destroy_workqueue(too_many);
	pr_info("congested: %d\n", workqueue_congested(1, system_wq));
	return 0;
}

static void __exit drain_exit(void)
{
}

module_init(drain_init);
module_exit(drain_exit);
MODULE_LICENSE("Dual MIT/GPL");
