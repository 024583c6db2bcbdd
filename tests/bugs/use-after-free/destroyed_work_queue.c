// kloom: --for 1s
// expect: use-after-free
// The delayed work's timer puts it on a queue that was destroyed meanwhile.
#include <linux/module.h>
#include <linux/workqueue.h>

static void late(struct work_struct *work)
{
}

static DECLARE_DELAYED_WORK(dwork, late);

static int __init example_init(void)
{
	struct workqueue_struct *queue = alloc_workqueue("example", 0, 0);

	if (!queue)
		return -ENOMEM;
	queue_delayed_work(queue, &dwork, 2);
	destroy_workqueue(queue);
	return 0;
}

static void __exit example_exit(void)
{
	cancel_delayed_work_sync(&dwork);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
