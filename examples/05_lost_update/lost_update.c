// SPDX-License-Identifier: MIT
/*
 * Two kernel control paths increment V, which is 1 at first. V should be 3 in the end.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static int V = 1;
static struct task_struct *a, *b;

static int path(void *unused)
{
	V++;
	return 0;
}

static int __init lost_update_init(void)
{
	a = kthread_create(path, NULL, "path_a");
	b = kthread_create(path, NULL, "path_b");
	if (IS_ERR(a) || IS_ERR(b))
		return -ENOMEM;
	get_task_struct(a);
	get_task_struct(b);
	wake_up_process(a);
	wake_up_process(b);
	return 0;
}

static void __exit lost_update_exit(void)
{
	kthread_stop(a);
	kthread_stop(b);
	put_task_struct(a);
	put_task_struct(b);
	WARN_ON(V != 3);
}

module_init(lost_update_init);
module_exit(lost_update_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Lost update of a shared variable");
