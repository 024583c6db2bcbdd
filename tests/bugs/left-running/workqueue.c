// kloom: --for 1s
// expect: left-running
#include <linux/module.h>
#include <linux/workqueue.h>

static struct workqueue_struct *queue;

static int __init example_init(void)
{
	queue = alloc_workqueue("example", 0, 0);
	return queue ? 0 : -ENOMEM;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
