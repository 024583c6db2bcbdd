// SPDX-License-Identifier: MIT
// conformance: Semaphores: counts, trylock's inverted result, -ETIME and -EINTR, up() hands over instead of counting
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/semaphore.h>

#define WAITERS 3

static struct semaphore sem;
static DEFINE_SEMAPHORE(binary);
static DECLARE_COMPLETION(done);
static int started;

#define SHOW(call)                                                                                 \
	do {                                                                                       \
		long result = (call);                                                              \
		pr_info("%-34s %ld, count %u\n", #call, result, READ_ONCE(sem.count));             \
	} while (0)

static int waits(void *number)
{
	WRITE_ONCE(started, 1);
	down(&sem);
	pr_info("task %ld has it, count %u\n", (long)number, READ_ONCE(sem.count));
	complete(&done);
	return 0;
}

static int is_interrupted(void *unused)
{
	int result;

	allow_signal(SIGUSR1);
	send_sig(SIGUSR1, current, 1);
	result = down_interruptible(&sem);
	pr_info("signal pending: down_interruptible %d\n", result);
	WRITE_ONCE(started, 1);
	result = down_killable(&sem);
	pr_info("signal pending: down_killable %d\n", result);
	up(&sem);
	result = down_interruptible(&sem);
	pr_info("signal pending, one is there: down_interruptible %d\n", result);
	complete(&done);
	return 0;
}

static void wait_until_asleep(struct task_struct *task)
{
	do /* ends: the thread waits for the semaphore */
		schedule_timeout_uninterruptible(1);
	while (!READ_ONCE(started) || !(READ_ONCE(task->__state) & TASK_NORMAL));
}

static void show_waiters(void)
{
	long i;

	for (i = 0; i < WAITERS; i++) {
		struct task_struct *task = kthread_create(waits, (void *)i, "waits/%ld", i);

		if (IS_ERR(task))
			return;
		WRITE_ONCE(started, 0);
		kthread_bind(task, 2);
		wake_up_process(task);
		wait_until_asleep(task);
		pr_info("task %ld waits in state %x\n", i, READ_ONCE(task->__state));
	}
	for (i = 0; i < WAITERS; i++) {
		int result;

		up(&sem);
		result = down_trylock(&sem);
		wait_for_completion(&done);
		pr_info("down_trylock after up %d\n", result);
	}
	pr_info("count %u\n", READ_ONCE(sem.count));
}

static int __init semaphores_init(void)
{
	struct task_struct *task;

	sema_init(&sem, 2);
	SHOW(down_trylock(&sem));
	SHOW(down_trylock(&sem));
	SHOW(down_trylock(&sem));
	SHOW(down_timeout(&sem, 0));
	SHOW(down_timeout(&sem, 2));
	up(&sem);
	SHOW(down_timeout(&sem, 0));
	up(&sem);
	up(&sem);
	up(&sem);
	up(&sem);
	SHOW(down_interruptible(&sem));
	SHOW(down_killable(&sem));
	SHOW(down_timeout(&sem, 1));
	down(&sem);
	pr_info("count %u\n", sem.count);
	pr_info("binary: %d", down_trylock(&binary));
	pr_cont(" %d", down_trylock(&binary));
	up(&binary);
	pr_cont(" %d\n", down_trylock(&binary));
	up(&binary);
	show_waiters();
	WRITE_ONCE(started, 0);
	task = kthread_run(is_interrupted, NULL, "interrupted");
	if (IS_ERR(task))
		return PTR_ERR(task);
	wait_until_asleep(task);
	up(&sem);
	wait_for_completion(&done);
	return 0;
}

static void __exit semaphores_exit(void)
{
}

module_init(semaphores_init);
module_exit(semaphores_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Semaphores");
