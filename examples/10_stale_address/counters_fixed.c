// SPDX-License-Identifier: MIT
/*
 * Preemption stays off as long as the element is used.
 */
#include <linux/cache.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

/* One element per CPU, each on its own cache line. */
static struct {
	int count;
} ____cacheline_aligned_in_smp counters[NR_CPUS];

static int path(void *unused)
{
	int cpu = get_cpu();

	counters[cpu].count++;
	put_cpu();
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
MODULE_DESCRIPTION("An element used while preemption is off");
