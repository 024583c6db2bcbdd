// SPDX-License-Identifier: MIT
// conformance: Mutexes: trylock, is_locked, and what a pending or an arriving signal does to each way of locking
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>

static DEFINE_MUTEX(lock);
static DECLARE_COMPLETION(done);
static int started;

static int tries(void *unused)
{
	pr_info("held by another: trylock %d, is_locked %d\n", mutex_trylock(&lock),
		mutex_is_locked(&lock));
	allow_signal(SIGUSR1);
	WRITE_ONCE(started, 1);
	pr_info("a signal arrives: interruptible %d\n", mutex_lock_interruptible(&lock));
	pr_info("a signal is pending: interruptible %d, signal_pending %d\n",
		mutex_lock_interruptible(&lock), signal_pending(current));
	complete(&done);
	pr_info("a signal is pending: killable %d\n", mutex_lock_killable(&lock));
	pr_info("is_locked %d\n", mutex_is_locked(&lock));
	mutex_unlock(&lock);
	complete(&done);
	return 0;
}

static int tries_free(void *unused)
{
	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	pr_info("free, signal pending: interruptible %d\n", mutex_lock_interruptible(&lock));
	pr_info("is_locked %d\n", mutex_is_locked(&lock));
	mutex_unlock(&lock);
	pr_info("free, signal pending: killable %d\n", mutex_lock_killable(&lock));
	mutex_unlock(&lock);
	pr_info("free, signal pending: trylock %d\n", mutex_trylock(&lock));
	mutex_unlock(&lock);
	complete(&done);
	return 0;
}

static void wait_until_asleep(struct task_struct *task)
{
	do /* ends: the thread waits for the mutex */
		schedule_timeout_uninterruptible(1);
	while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
}

static int __init mutex_states_init(void)
{
	struct task_struct *task;
	struct mutex local;

	pr_info("new: is_locked %d\n", mutex_is_locked(&lock));
	mutex_lock(&lock);
	pr_info("locked: is_locked %d\n", mutex_is_locked(&lock));
	pr_info("held by oneself: trylock %d\n", mutex_trylock(&lock));
	mutex_unlock(&lock);
	pr_info("unlocked: is_locked %d\n", mutex_is_locked(&lock));
	pr_info("trylock %d\n", mutex_trylock(&lock));
	task = kthread_create(tries, NULL, "tries");
	if (IS_ERR(task)) {
		mutex_unlock(&lock);
		return PTR_ERR(task);
	}
	kthread_bind(task, 2);
	wake_up_process(task);
	wait_until_asleep(task);
	pr_info("it waits in state %x\n", READ_ONCE(task->__state));
	send_sig(SIGUSR1, task, 1);
	wait_for_completion(&done);
	wait_until_asleep(task);
	pr_info("it waits in state %x\n", READ_ONCE(task->__state));
	mutex_unlock(&lock);
	wait_for_completion(&done);
	task = kthread_run(tries_free, NULL, "tries_free");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_for_completion(&done);
	mutex_init(&local);
	pr_info("mutex_init: is_locked %d\n", mutex_is_locked(&local));
	pr_info("interruptible %d\n", mutex_lock_interruptible(&local));
	mutex_unlock(&local);
	mutex_destroy(&local);
	return 0;
}

static void __exit mutex_states_exit(void)
{
}

module_init(mutex_states_init);
module_exit(mutex_states_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The states of a mutex");
