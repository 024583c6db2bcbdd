// SPDX-License-Identifier: MIT
/*
 * A CPU number that is read while the task may be moved is out of date at once.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

static int path(void *unused)
{
	pr_info("running on CPU %d\n", smp_processor_id());	/* may be another one by now */
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
MODULE_DESCRIPTION("smp_processor_id() in preemptible code");
