// kloom: --cpus 2
// xchg() gives the object to one of two threads only.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/slab.h>

static int *shared;
static struct task_struct *threads[2];

static int worker(void *data)
{
	kfree(xchg(&shared, NULL));
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int __init start(void)
{
	int i;

	shared = kmalloc(sizeof(*shared), GFP_KERNEL);
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(worker, NULL, "worker/%d", i);
	return 0;
}

static void __exit stop(void)
{
	int i;

	for (i = 0; i < 2; i++)
		kthread_stop(threads[i]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
