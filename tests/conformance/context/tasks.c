// SPDX-License-Identifier: MIT
// conformance: the context of init and exit, of a thread, of work, and of processes that use a file of /proc
// drive: taskset -c 1 insmod $MODULE
// drive: cat /proc/context
// drive: echo hello > /proc/context
// drive: taskset -c 1 rmmod $MODULE
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/proc_fs.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "show.h"

static void show_task(const char *where)
{
	show_context(where);
	pr_info("%s: kthread %d, worker %d, address space %d, state %u, need_resched is a flag: %d\n", where,
		!!(current->flags & PF_KTHREAD), !!(current->flags & PF_WQ_WORKER), current->mm != NULL,
		READ_ONCE(current->__state), need_resched() == !!need_resched());
}

static ssize_t read_context(struct file *file, char __user *buffer, size_t size, loff_t *position)
{
	show_task("read");
	pr_info("read by %s\n", current->comm);
	return simple_read_from_buffer(buffer, size, position, "text\n", 5);
}

static ssize_t write_context(struct file *file, const char __user *buffer, size_t size, loff_t *position)
{
	show_task("write");
	return size;
}

static int open_context(struct inode *inode, struct file *file)
{
	show_task("open");
	return 0;
}

static int release_context(struct inode *inode, struct file *file)
{
	show_task("release");
	return 0;
}

static const struct proc_ops context_ops = {
	.proc_open = open_context,
	.proc_read = read_context,
	.proc_write = write_context,
	.proc_release = release_context,
};

static DECLARE_COMPLETION(done);

static int run_thread(void *unused)
{
	show_task("thread");
	pr_info("thread is %s\n", current->comm);
	complete(&done);
	return 0;
}

static void run_work(struct work_struct *work)
{
	show_task("work");
}

static DECLARE_WORK(work, run_work);

static int __init tasks_init(void)
{
	struct task_struct *thread;

	if (!proc_create("context", 0666, NULL, &context_ops))
		return -ENOMEM;
	show_task("init");
	pr_info("init is run by %s\n", current->comm);
	thread = kthread_run(run_thread, NULL, "a_thread/%d", 7);
	if (!IS_ERR(thread))
		wait_for_completion(&done);
	schedule_work(&work);
	flush_work(&work);
	return 0;
}

static void __exit tasks_exit(void)
{
	remove_proc_entry("context", NULL);
	show_task("exit");
	pr_info("exit is run by %s\n", current->comm);
}

module_init(tasks_init);
module_exit(tasks_exit);
MODULE_LICENSE("Dual MIT/GPL");
