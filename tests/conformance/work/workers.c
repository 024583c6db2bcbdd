// SPDX-License-Identifier: MIT
// conformance: the task that runs work: its name, flags, nice value, CPU and CPU mask, by kind of queue
// open: kworker/(u?)\d+:\d+(H?) -> kworker/\1N:N\2 | which of its pool's workers takes the work
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

static const char *what;
static bool is_bound;

static void run_work(struct work_struct *work)
{
	pr_info("%s: %s\n", what, current->comm);
	pr_info("  kthread %d, worker %d, no affinity %d, nice %d, policy %u\n", !!(current->flags & PF_KTHREAD),
		!!(current->flags & PF_WQ_WORKER), !!(current->flags & PF_NO_SETAFFINITY), task_nice(current),
		current->policy);
	if (is_bound)
		pr_info("  on CPU %d, one CPU allowed %d\n", raw_smp_processor_id(), current->nr_cpus_allowed == 1);
	else
		pr_info("  CPUs allowed %d\n", current->nr_cpus_allowed);
}

static DECLARE_WORK(work, run_work);

static void try_queue(const char *name, struct workqueue_struct *queue, int cpu)
{
	what = name;
	is_bound = cpu != WORK_CPU_UNBOUND;
	queue_work_on(cpu, queue, &work);
	flush_work(&work);
}

static long run_on_cpu(void *data)
{
	pr_info("work_on_cpu: CPU %d, data %ld\n", raw_smp_processor_id(), (long)data);
	return -17;
}

static int __init workers_init(void)
{
	struct workqueue_struct *high_unbound = alloc_workqueue("high_unbound", WQ_UNBOUND | WQ_HIGHPRI, 0);

	if (!high_unbound)
		return -ENOMEM;
	try_queue("system_wq", system_wq, 0);
	try_queue("system_wq", system_wq, 3);
	try_queue("system_highpri_wq", system_highpri_wq, 2);
	try_queue("system_long_wq", system_long_wq, 1);
	try_queue("system_freezable_wq", system_freezable_wq, 2);
	try_queue("system_unbound_wq", system_unbound_wq, WORK_CPU_UNBOUND);
	try_queue("unbound, high priority", high_unbound, WORK_CPU_UNBOUND);
	is_bound = true;
	what = "schedule_work";
	schedule_work(&work);
	flush_work(&work);
	pr_info("work_on_cpu returns %ld\n", work_on_cpu(2, run_on_cpu, (void *)5l));
	pr_info("current_work of init: %d\n", current_work() != NULL);
	destroy_workqueue(high_unbound);
	return 0;
}

static void __exit workers_exit(void)
{
}

module_init(workers_init);
module_exit(workers_exit);
MODULE_LICENSE("Dual MIT/GPL");
