// SPDX-License-Identifier: MIT
// conformance: preempt=full: a thread that computes without a pause loses its CPU to another one on the same CPU
// boot: preempt=full
// drive: taskset -c 1 insmod $MODULE
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(other_has_run);
static struct task_struct *busy_thread, *other_thread;

static int busy(void *unused)
{
	while (!kthread_should_stop())
		barrier();
	return 3;
}

static int other(void *unused)
{
	pr_info("the other thread runs\n");
	complete(&other_has_run);
	return 0;
}

static int __init preempt_full_init(void)
{
	busy_thread = kthread_create_on_cpu(busy, NULL, 2, "busy/%u");
	other_thread = kthread_create_on_cpu(other, NULL, 2, "other/%u");
	if (IS_ERR(busy_thread) || IS_ERR(other_thread))
		return -ENOMEM;
	wake_up_process(busy_thread);
	wake_up_process(other_thread);
	wait_for_completion(&other_has_run);
	pr_info("the busy one returned %d\n", kthread_stop(busy_thread));
	return -ENODEV;
}

module_init(preempt_full_init);
MODULE_LICENSE("Dual MIT/GPL");
