// kloom: --for 1s
/* The system's own tasks exist, and the walk over all of them is protected by RCU. */
#include <linux/module.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>

static int __init start(void)
{
	struct task_struct *task;
	int found = 0;

	rcu_read_lock();
	for_each_process(task) {
		if (task->pid == 1)
			found += !strcmp(task->comm, "systemd");
		if (task->pid == 2)
			found += !strcmp(task->comm, "kthreadd");
		if (task == current)
			found += !strcmp(task->comm, "insmod");
	}
	rcu_read_unlock();
	WARN_ON(found != 3);
	WARN_ON(init_task.pid != 0);
	pr_info("%s %d, parent %s %d\n", current->comm, current->pid, current->parent->comm, current->parent->pid);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
