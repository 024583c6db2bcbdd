// SPDX-License-Identifier: MIT
/*
 * The critical region, reading V and writing it back, is protected by a lock: V is 3 in every interleaving.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(V_lock);
static int V = 1;
static struct task_struct *a, *b;

static int path(void *unused)
{
	spin_lock(&V_lock);
	V++;
	spin_unlock(&V_lock);
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
MODULE_DESCRIPTION("The lost update, prevented by a spinlock");
