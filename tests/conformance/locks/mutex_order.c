// SPDX-License-Identifier: MIT
// conformance: Tasks that wait for a mutex get it in the order in which they came, when its owner slept
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>

#define WAITERS 5

static DEFINE_MUTEX(lock);
static DECLARE_COMPLETION(done);
static int started;

static int locks(void *number)
{
	WRITE_ONCE(started, 1);
	mutex_lock(&lock);
	pr_info("task %ld has it\n", (long)number);
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

static int __init mutex_order_init(void)
{
	static const int order[WAITERS] = {3, 0, 4, 1, 2};
	int i;

	mutex_lock(&lock);
	for (i = 0; i < WAITERS; i++) {
		struct task_struct *task =
			kthread_create(locks, (void *)(long)order[i], "locks/%d", order[i]);

		if (IS_ERR(task))
			break;
		kthread_bind(task, order[i] % 4);
		WRITE_ONCE(started, 0);
		wake_up_process(task);
		wait_until_asleep(task);
		pr_info("task %d waits in state %x\n", order[i], READ_ONCE(task->__state));
	}
	mutex_unlock(&lock);
	while (i--)
		wait_for_completion(&done);
	pr_info("is_locked %d\n", mutex_is_locked(&lock));
	return 0;
}

static void __exit mutex_order_exit(void)
{
}

module_init(mutex_order_init);
module_exit(mutex_order_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The order of waiters for a mutex");
