// SPDX-License-Identifier: MIT
// conformance: rw_semaphores: trylock beside readers and writers, downgrade, is_locked and is_contended
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rwsem.h>
#include <linux/sched/signal.h>

static DECLARE_RWSEM(sem);
static DECLARE_COMPLETION(done);
static int started;
static struct task_struct *task;

static void show(const char *what)
{
	int read, write;

	read = down_read_trylock(&sem);
	if (read)
		up_read(&sem);
	write = down_write_trylock(&sem);
	if (write)
		up_write(&sem);
	pr_info("%-24s read_trylock %d write_trylock %d is_locked %d is_contended %d\n", what, read,
		write, rwsem_is_locked(&sem), rwsem_is_contended(&sem));
}

static int writes(void *unused)
{
	WRITE_ONCE(started, 1);
	down_write(&sem);
	show("the writer has it");
	downgrade_write(&sem);
	show("downgraded");
	up_read(&sem);
	complete(&done);
	return 0;
}

static int is_interrupted(void *unused)
{
	int result;

	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	result = down_read_interruptible(&sem);
	pr_info("signal pending, held by a writer: down_read_interruptible %d\n", result);
	complete(&done);
	WRITE_ONCE(started, 1);
	result = down_write_killable(&sem);
	pr_info("signal pending: down_write_killable %d\n", result);
	up_write(&sem);
	result = down_read_interruptible(&sem);
	pr_info("signal pending, free: down_read_interruptible %d\n", result);
	up_read(&sem);
	result = down_read_killable(&sem);
	pr_info("signal pending, free: down_read_killable %d\n", result);
	up_read(&sem);
	complete(&done);
	return 0;
}

static void wait_until_asleep(struct task_struct *task)
{
	do /* ends: the thread waits for the rw_semaphore */
		schedule_timeout_uninterruptible(1);
	while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
}

static int start(int (*function)(void *))
{
	task = kthread_create(function, NULL, "other");
	if (IS_ERR(task))
		return PTR_ERR(task);
	WRITE_ONCE(started, 0);
	kthread_bind(task, 3);
	wake_up_process(task);
	wait_until_asleep(task);
	return 0;
}

static int __init rwsem_states_init(void)
{
	int error;

	show("free");
	down_read(&sem);
	show("one reader");
	down_read(&sem);
	show("two readers");
	up_read(&sem);
	error = start(writes);
	show("a writer waits");
	up_read(&sem);
	if (error)
		return error;
	wait_for_completion(&done);
	show("free");
	down_write(&sem);
	show("writer");
	error = start(is_interrupted);
	if (!error)
		wait_for_completion(&done);
	show("another writer waits");
	up_write(&sem);
	if (!error)
		wait_for_completion(&done);
	show("free");
	return error;
}

static void __exit rwsem_states_exit(void)
{
}

module_init(rwsem_states_init);
module_exit(rwsem_states_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The states of a rw_semaphore");
