// SPDX-License-Identifier: MIT
/*
 * CPU 1 counts in its own variable, and CPU 0 reaches into it without a lock.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>

static DEFINE_PER_CPU(int, hits);

static int path(void *number)
{
	if ((long)number == 1) {
		get_cpu_var(hits)++;
		put_cpu_var(hits);
	} else {
		per_cpu(hits, 1) = 0;	/* from CPU 0 */
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
MODULE_DESCRIPTION("Reaching into another CPU's variable");
