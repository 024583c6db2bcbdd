// SPDX-License-Identifier: MIT
/*
 * get_cpu_var() gives the variable of this CPU and switches preemption off. Without put_cpu_var() it stays off.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>

DEFINE_PER_CPU(int, hits);
DEFINE_PER_CPU(int[3], samples);

static int path(void *unused)
{
	get_cpu_var(hits)++;		/* an lvalue; preemption is off from here on */
	get_cpu_var(samples)[0] = 1;
	put_cpu_var(samples);
	return 0;			/* the put_cpu_var(hits) is missing */
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
MODULE_DESCRIPTION("get_cpu_var() without put_cpu_var()");
