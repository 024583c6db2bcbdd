// SPDX-License-Identifier: MIT
/*
 * A buffer is allocated when it is first needed. Two threads may both find that it is missing: then one
 * allocation is lost.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

static int *buffer;

static int *get_buffer(void)
{
	if (!buffer)
		buffer = kmalloc(sizeof(*buffer), GFP_KERNEL);
	return buffer;
}

static int path(void *unused)
{
	return get_buffer() ? 0 : -ENOMEM;
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
	kfree(buffer);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Lazy allocation by two threads");
