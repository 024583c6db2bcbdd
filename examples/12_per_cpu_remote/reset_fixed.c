// SPDX-License-Identifier: MIT
/*
 * A variable that others reach into needs a lock, also on its own CPU.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(hits_lock);
static DEFINE_PER_CPU(int, hits);

static int path(void *number)
{
	if ((long)number == 1) {
		spin_lock(&hits_lock);
		__this_cpu_inc(hits);
		spin_unlock(&hits_lock);
	} else {
		spin_lock(&hits_lock);
		per_cpu(hits, 1) = 0;
		spin_unlock(&hits_lock);
	}
	return 0;
}

static struct task_struct *threads[2];

static int __init example_init(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		threads[i] = kthread_create(path, (void *)(long)i, "path_%c", 'a' + i);
		if (IS_ERR(threads[i]))
			return PTR_ERR(threads[i]);
		get_task_struct(threads[i]);
		kthread_bind(threads[i], i);
	}
	for (i = 0; i < 2; i++)
		wake_up_process(threads[i]);
	return 0;
}

static void __exit example_exit(void)
{
	int i;

	for (i = 0; i < 2; i++) {
		kthread_stop(threads[i]);
		put_task_struct(threads[i]);
	}
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A lock around a shared per-CPU variable");
