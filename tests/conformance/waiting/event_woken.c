// SPDX-License-Identifier: MIT
// conformance: wait_event with a waker: how often the condition is read, what is left of the time, around the sleep
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/signal.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static DECLARE_COMPLETION(done);
static DEFINE_SPINLOCK(lock);
static int flag;
static int reads;
static int before, after;

static bool is_set(void)
{
	WRITE_ONCE(reads, reads + 1);
	return READ_ONCE(flag);
}

/* The waiter has queued itself and sleeps. */
static void wait_until_asleep(struct task_struct *task)
{
	while (!waitqueue_active(&queue) ||
	       !(READ_ONCE(task->__state) & TASK_NORMAL)) /* ends: the waiter goes to sleep */
		schedule_timeout_uninterruptible(1);
}

static void begin(void)
{
	WRITE_ONCE(flag, 0);
	reads = 0;
	before = 0;
	after = 0;
}

static int waits(void *unused)
{
	long left;

	wait_event(queue, is_set());
	pr_info("wait_event: condition read %d times\n", reads);
	complete(&done);
	left = wait_event_timeout(queue, READ_ONCE(flag) == 2, 1000 * HZ);
	pr_info("wait_event_timeout: left more than 900 s %d\n", left > 900 * HZ);
	complete(&done);
	left = wait_event_interruptible(queue, READ_ONCE(flag) == 3);
	pr_info("wait_event_interruptible: %ld\n", left);
	complete(&done);
	wait_event_cmd(queue, READ_ONCE(flag) == 4, before++, after++);
	pr_info("wait_event_cmd: before %d after %d\n", before, after);
	complete(&done);
	spin_lock_irq(&lock);
	wait_event_lock_irq(queue, READ_ONCE(flag) == 5, lock);
	pr_info("wait_event_lock_irq: locked %d, interrupts off %d\n", spin_is_locked(&lock),
		irqs_disabled());
	spin_unlock_irq(&lock);
	complete(&done);
	spin_lock_irq(&queue.lock);
	left = wait_event_interruptible_locked_irq(queue, READ_ONCE(flag) == 6);
	pr_info("wait_event_interruptible_locked_irq: %ld, locked %d, interrupts off %d\n", left,
		spin_is_locked(&queue.lock), irqs_disabled());
	spin_unlock_irq(&queue.lock);
	complete(&done);
	allow_signal(SIGUSR1);
	left = wait_event_interruptible_timeout(queue, READ_ONCE(flag) == 7, 1000 * HZ);
	pr_info("interrupted: %ld, signal pending %d\n", left, signal_pending(current));
	flush_signals(current);
	complete(&done);
	return 0;
}

static int __init event_woken_init(void)
{
	struct task_struct *task = kthread_create(waits, NULL, "waits");
	int i;

	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, 2);
	begin();
	wake_up_process(task);
	wait_until_asleep(task);
	pr_info("asleep in state %x, condition read %d times\n", READ_ONCE(task->__state),
		READ_ONCE(reads));
	WRITE_ONCE(flag, 1);
	wake_up(&queue);
	wait_for_completion(&done);
	for (i = 2; i <= 7; i++) {
		wait_until_asleep(task);
		pr_info("asleep in state %x\n", READ_ONCE(task->__state));
		if (i < 7) {
			WRITE_ONCE(flag, i);
			wake_up(&queue);
		} else {
			send_sig(SIGUSR1, task, 1);
		}
		wait_for_completion(&done);
	}
	pr_info("active at the end %d\n", waitqueue_active(&queue));
	return 0;
}

static void __exit event_woken_exit(void)
{
}

module_init(event_woken_init);
module_exit(event_woken_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("wait_event with a waker");
