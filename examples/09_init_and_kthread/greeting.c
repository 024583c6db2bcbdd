// SPDX-License-Identifier: MIT
/*
 * The module's init function leaves a word in the variable of its CPU; its thread looks for it in the variable
 * of the CPU on which it happens to run.
 */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/sched/task.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(int, greeting);
static struct task_struct *thread;

static int reader(void *unused)
{
	int seen = get_cpu_var(greeting);

	put_cpu_var(greeting);
	WARN_ON(seen != 42);
	return 0;
}

static int __init example_init(void)
{
	int cpu = get_cpu();

	per_cpu(greeting, cpu) = 42;
	put_cpu();
	thread = kthread_create(reader, NULL, "reader");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	wake_up_process(thread);
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
	put_task_struct(thread);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("init and a kthread on different CPUs");
