// SPDX-License-Identifier: MIT
// conformance: Tasks by their pid: found while they live, gone afterwards, references counted
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(go);

static int waits(void *unused)
{
	wait_for_completion(&go);
	return 0;
}

static int __init pids_init(void)
{
	struct task_struct *task = kthread_run(waits, NULL, "waits");
	struct task_struct *found;
	struct pid *pid;

	if (IS_ERR(task))
		return PTR_ERR(task);
	get_task_struct(task);
	pid = find_get_pid(task->pid);
	pr_info("pid found %d, nr is the task's %d, vnr %d\n", pid != NULL,
		pid_nr(pid) == task->pid, pid_vnr(pid) == task->pid);
	rcu_read_lock();
	pr_info("pid_task %d, as group %d\n", pid_task(pid, PIDTYPE_PID) == task,
		pid_task(pid, PIDTYPE_TGID) == task);
	rcu_read_unlock();
	found = get_pid_task(pid, PIDTYPE_PID);
	pr_info("get_pid_task %d\n", found == task);
	put_task_struct(found);
	pr_info("task_pid_nr %d, task_tgid_nr %d, task_pid %d\n", task_pid_nr(task) == task->pid,
		task_tgid_nr(task) == task->pid, task_pid(task) == pid);
	pr_info("alive %d\n", pid_alive(task));
	pr_info("kill_pid signal 0 %d\n", kill_pid(pid, 0, 1));
	complete(&go);
	while (pid_alive(task)) /* ends: the thread does */
		schedule_timeout_uninterruptible(1);
	rcu_read_lock();
	pr_info("ended: pid_task %d\n", pid_task(pid, PIDTYPE_PID) != NULL);
	rcu_read_unlock();
	pr_info("ended: get_pid_task %d, nr is still the task's %d, task_pid_nr %d\n",
		get_pid_task(pid, PIDTYPE_PID) != NULL, pid_nr(pid) == task->pid,
		task_pid_nr(task) == task->pid);
	pr_info("ended: kill_pid %d\n", kill_pid(pid, SIGUSR1, 1));
	pr_info("ended: exit_state %d, exiting %d\n", task->exit_state,
		!!(task->flags & PF_EXITING));
	put_pid(pid);
	put_task_struct(task);
	pr_info("no such pid: find_get_pid %d\n", find_get_pid(0x3fffff) != NULL);
	pr_info("get_pid_task of NULL %d, pid_nr of NULL %d\n",
		get_pid_task(NULL, PIDTYPE_PID) != NULL, pid_nr(NULL));
	pid = find_get_pid(1);
	found = get_pid_task(pid, PIDTYPE_PID);
	pr_info("pid 1 is a kthread %d\n", !!(found->flags & PF_KTHREAD));
	put_task_struct(found);
	put_pid(pid);
	return 0;
}

static void __exit pids_exit(void)
{
}

module_init(pids_init);
module_exit(pids_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Tasks by their pid");
