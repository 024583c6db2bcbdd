// kloom: --for 1s
// expect: use-after-free
/* The kthread ends by itself; its task_struct is gone when kthread_stop() looks at it. */
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *task;

static int once(void *data)
{
	return 7;
}

static int __init start(void)
{
	task = kthread_run(once, NULL, "once");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(task);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
