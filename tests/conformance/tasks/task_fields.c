// SPDX-License-Identifier: MIT
// conformance: What is in a task_struct: of the process that loads the module, and of a new kthread
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

static DECLARE_COMPLETION(done);

static void show(struct task_struct *task)
{
	pr_info("%s: kthread %d, mm %d, nofreeze %d, no_setaffinity %d, exiting %d, wq_worker %d\n",
		task->comm, !!(task->flags & PF_KTHREAD), task->mm != NULL,
		!!(task->flags & PF_NOFREEZE), !!(task->flags & PF_NO_SETAFFINITY),
		!!(task->flags & PF_EXITING), !!(task->flags & PF_WQ_WORKER));
	pr_info("%s: tgid is pid %d, leader is itself %d, threads %d, exit_state %d\n", task->comm,
		task->tgid == task->pid, task->group_leader == task, get_nr_threads(task),
		task->exit_state);
	pr_info("%s: policy %d prio %d static %d normal %d rt %u nice %d\n", task->comm,
		task->policy, task->prio, task->static_prio, task->normal_prio, task->rt_priority,
		task_nice(task));
}

static int shows_itself(void *data)
{
	pr_info("data %ld, kthread_data %ld, kthread_func %d\n", (long)data,
		(long)kthread_data(current), kthread_func(current) == shows_itself);
	show(current);
	pr_info("running: in_task %d, state %x, on_cpu %d\n", in_task(),
		READ_ONCE(current->__state), current->on_cpu);
	complete(&done);
	return 0;
}

static int __init task_fields_init(void)
{
	struct task_struct *task = kthread_create(shows_itself, (void *)5L, "itself");

	if (IS_ERR(task))
		return PTR_ERR(task);
	show(task);
	pr_info("new: state %x, on_cpu %d\n", READ_ONCE(task->__state), task->on_cpu);
	pr_info("new: parent \"%s\" with pid %d\n", task->real_parent->comm,
		task->real_parent->pid);
	wake_up_process(task);
	wait_for_completion(&done);
	show(current);
	show(&init_task);
	pr_info("init_task: pid %d, parent is itself %d\n", init_task.pid,
		init_task.real_parent == &init_task);
	return 0;
}

static void __exit task_fields_exit(void)
{
}

module_init(task_fields_init);
module_exit(task_fields_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The fields of a task");
