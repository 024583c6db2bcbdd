// SPDX-License-Identifier: MIT
// conformance: which work begins while other work of the same CPU sleeps: by max_active, ordered, the same item
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#define WORKS 4

struct numbered {
	struct work_struct work;
	struct completion may_end;
	int number;
};

static struct numbered works[WORKS];
static struct completion one_begun;

static void run_work(struct work_struct *work)
{
	struct numbered *numbered = container_of(work, struct numbered, work);

	pr_info("work %d begins\n", numbered->number);
	complete(&one_begun);
	wait_for_completion(&numbered->may_end);
	pr_info("work %d ends\n", numbered->number);
}

/* Lets `expected` items begin, then ends them one after the other, each when the one that follows it has begun. */
static void try_queue(const char *name, struct workqueue_struct *queue, int expected)
{
	int index, begun = 0;

	pr_info("%s\n", name);
	init_completion(&one_begun);
	preempt_disable();
	for (index = 0; index < WORKS; index++) {
		init_completion(&works[index].may_end);
		queue_work_on(1, queue, &works[index].work);
	}
	preempt_enable();
	while (begun < expected && wait_for_completion_timeout(&one_begun, HZ))
		begun++;
	msleep(8);
	pr_info("begun: %d, more: %d\n", begun, completion_done(&one_begun));
	for (index = 0; index < WORKS; index++) {
		complete(&works[index].may_end);
		flush_work(&works[index].work);
		if (index + expected < WORKS)
			wait_for_completion(&one_begun);
	}
	flush_workqueue(queue);
}

static int __init concurrency_init(void)
{
	struct workqueue_struct *many = alloc_workqueue("many", 0, 0);
	struct workqueue_struct *two = alloc_workqueue("two", 0, 2);
	struct workqueue_struct *one = alloc_workqueue("one", 0, 1);
	struct workqueue_struct *ordered = alloc_ordered_workqueue("ordered", 0);
	struct workqueue_struct *single = create_singlethread_workqueue("single");
	struct workqueue_struct *high = alloc_workqueue("high", WQ_HIGHPRI, 3);
	int index;

	if (!many || !two || !one || !ordered || !single || !high)
		return -ENOMEM;
	for (index = 0; index < WORKS; index++) {
		INIT_WORK(&works[index].work, run_work);
		works[index].number = index;
	}
	try_queue("many", many, WORKS);
	try_queue("two", two, 2);
	try_queue("one", one, 1);
	try_queue("ordered", ordered, 1);
	try_queue("single thread", single, 1);
	try_queue("high priority, three", high, 3);
	destroy_workqueue(many);
	destroy_workqueue(two);
	destroy_workqueue(one);
	destroy_workqueue(ordered);
	destroy_workqueue(single);
	destroy_workqueue(high);
	return 0;
}

static void __exit concurrency_exit(void)
{
}

module_init(concurrency_init);
module_exit(concurrency_exit);
MODULE_LICENSE("Dual MIT/GPL");
