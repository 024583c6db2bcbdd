// SPDX-License-Identifier: MIT
/*
 * cond_resched() gives the CPU away when somebody else needs it, in every preemption model.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *thread;
static int rounds;

static int busy(void *unused)
{
	while (!kthread_should_stop()) {
		rounds = 1;
		cond_resched();
	}
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
MODULE_DESCRIPTION("A long loop that lets others run");
