// SPDX-License-Identifier: MIT
// conformance: Priorities: nice values and what is no nice value, real-time, and back
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/prio.h>
#include <linux/sched/rt.h>

static int never_runs(void *unused)
{
	return 0;
}

static void show(const char *what, struct task_struct *task)
{
	pr_info("%-24s nice %3d prio %3d static %3d normal %3d rt %2u policy %u, rt_task %d\n",
		what, task_nice(task), task->prio, task->static_prio, task->normal_prio,
		task->rt_priority, task->policy, rt_task(task));
}

static int __init priorities_init(void)
{
	static const int values[] = {10, -5, 19, -20, 20, -21, 100, 0};
	struct task_struct *task = kthread_create(never_runs, NULL, "priorities");
	char text[24];
	int i;

	if (IS_ERR(task))
		return PTR_ERR(task);
	show("new", task);
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		set_user_nice(task, values[i]);
		snprintf(text, sizeof(text), "set_user_nice %d", values[i]);
		show(text, task);
	}
	sched_set_fifo(task);
	show("sched_set_fifo", task);
	set_user_nice(task, 7);
	show("set_user_nice 7", task);
	sched_set_fifo_low(task);
	show("sched_set_fifo_low", task);
	sched_set_normal(task, 3);
	show("sched_set_normal 3", task);
	sched_set_normal(task, -20);
	show("sched_set_normal -20", task);
	pr_info("NICE_TO_PRIO %d %d, PRIO_TO_NICE %d, MAX_PRIO %d, DEFAULT_PRIO %d\n",
		NICE_TO_PRIO(-20), NICE_TO_PRIO(19), PRIO_TO_NICE(100), MAX_PRIO, DEFAULT_PRIO);
	kthread_stop(task);
	return 0;
}

static void __exit priorities_exit(void)
{
}

module_init(priorities_init);
module_exit(priorities_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Priorities of tasks");
