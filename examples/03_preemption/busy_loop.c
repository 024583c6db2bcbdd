// SPDX-License-Identifier: MIT
/*
 * A kernel thread that computes without a pause. On one CPU a kernel without kernel preemption never gets that
 * CPU back, so that not even rmmod can run; with full preemption the loop is only a waste of time.
 */
#include <linux/kthread.h>
#include <linux/module.h>

static struct task_struct *thread;
static int rounds;

static int busy(void *unused)
{
	while (!kthread_should_stop())
		rounds = 1;
	return 0;
}

static int __init example_init(void)
{
	thread = kthread_run(busy, NULL, "busy");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
	pr_info("the loop has ended\n");
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A loop that never gives its CPU away");
