// SPDX-License-Identifier: MIT
// conformance: Binding tasks to CPUs: results, the masks afterwards, where a task finds itself
#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

static cpumask_var_t mask, saved;
static DECLARE_COMPLETION(moved);

static void show(const char *what, struct task_struct *task, int result)
{
	pr_info("%-28s %d, mask %*pbl, nr_cpus_allowed %d, PF_NO_SETAFFINITY %d\n", what, result,
		cpumask_pr_args(task->cpus_ptr), task->nr_cpus_allowed,
		!!(task->flags & PF_NO_SETAFFINITY));
}

static int runs(void *unused)
{
	pr_info("runs on %d\n", raw_smp_processor_id());
	show("set_cpus_allowed_ptr itself", current, set_cpus_allowed_ptr(current, cpumask_of(3)));
	pr_info("runs on %d\n", raw_smp_processor_id());
	complete(&moved);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return raw_smp_processor_id();
}

static void show_current(void)
{
	int cpu;

	cpumask_copy(saved, current->cpus_ptr);
	show("insmod", current, 0);
	for_each_online_cpu(cpu)
	{
		show("set_cpus_allowed_ptr", current,
		     set_cpus_allowed_ptr(current, cpumask_of(cpu)));
		pr_info("now on %d, task_cpu %d\n", raw_smp_processor_id(), task_cpu(current));
	}
	cpumask_clear(mask);
	show("empty mask", current, set_cpus_allowed_ptr(current, mask));
	cpumask_set_cpu(0, mask);
	cpumask_set_cpu(2, mask);
	show("0 and 2", current, set_cpus_allowed_ptr(current, mask));
	pr_info("on one of them %d\n", cpumask_test_cpu(raw_smp_processor_id(), mask));
	show("all", current, set_cpus_allowed_ptr(current, cpu_possible_mask));
	show("as before", current, set_cpus_allowed_ptr(current, saved));
	pr_info("now on %d\n", raw_smp_processor_id());
}

static int show_kthreads(void)
{
	struct task_struct *task = kthread_create(runs, NULL, "bound");

	if (IS_ERR(task))
		return PTR_ERR(task);
	show("new kthread", task, 0);
	kthread_bind(task, 2);
	show("kthread_bind", task, 0);
	show("another CPU from outside", task, set_cpus_allowed_ptr(task, cpumask_of(1)));
	show("the same CPU", task, set_cpus_allowed_ptr(task, cpumask_of(2)));
	wake_up_process(task);
	wait_for_completion(&moved);
	pr_info("stopped on %d\n", kthread_stop(task));

	task = kthread_create(runs, NULL, "free");
	if (IS_ERR(task))
		return PTR_ERR(task);
	show("set_cpus_allowed_ptr new", task, set_cpus_allowed_ptr(task, cpumask_of(0)));
	wake_up_process(task);
	wait_for_completion(&moved);
	show("set_cpus_allowed_ptr asleep", task, set_cpus_allowed_ptr(task, cpumask_of(1)));
	pr_info("stopped on %d\n", kthread_stop(task));
	return 0;
}

static int __init affinity_init(void)
{
	int error;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	if (!zalloc_cpumask_var(&saved, GFP_KERNEL)) {
		free_cpumask_var(mask);
		return -ENOMEM;
	}
	show_current();
	error = show_kthreads();
	free_cpumask_var(saved);
	free_cpumask_var(mask);
	return error;
}

static void __exit affinity_exit(void)
{
}

module_init(affinity_init);
module_exit(affinity_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Binding tasks to CPUs");
