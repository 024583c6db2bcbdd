// kloom: --for 1s
// expect: null-dereference
/* The list of a wait queue that was never initialised holds null pointers. */
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/wait.h>

static struct wait_queue_head *queue;

static int __init start(void)
{
	queue = kzalloc(sizeof(*queue), GFP_KERNEL);
	if (!queue)
		return -ENOMEM;
	wake_up(queue);
	return 0;
}

static void __exit stop(void)
{
	kfree(queue);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
