// kloom: --for 1s
/* A reference keeps the task_struct of a kthread that ended by itself, so kthread_stop() may still be called. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *task;

static int once(void *data)
{
	return 7;
}

static int __init start(void)
{
	task = kthread_create(once, NULL, "once");
	get_task_struct(task);
	wake_up_process(task);
	return 0;
}

static void __exit stop(void)
{
	WARN_ON(kthread_stop(task) != 7);
	put_task_struct(task);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
