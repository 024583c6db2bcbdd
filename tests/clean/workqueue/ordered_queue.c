// kloom: --bound 1
// An ordered queue runs one work at a time, in the order of queuing, so its functions need no lock.
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;
static int last;

static void first_part(struct work_struct *work)
{
	WARN_ON(last != 0);
	msleep(1);
	last = 1;
}

static void second_part(struct work_struct *work)
{
	WARN_ON(last != 1);
	last = 2;
}

static DECLARE_WORK(first, first_part);
static DECLARE_WORK(second, second_part);

static int __init example_init(void)
{
	queue = alloc_ordered_workqueue("example", 0);
	if (!queue)
		return -ENOMEM;
	queue_work(queue, &first);
	queue_work(queue, &second);
	flush_workqueue(queue);
	WARN_ON(last != 2);
	return 0;
}

static void __exit example_exit(void)
{
	destroy_workqueue(queue);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
