// SPDX-License-Identifier: MIT
// conformance: What a wake function is told, and in which context it runs
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/preempt.h>
#include <linux/wait.h>

static DECLARE_WAIT_QUEUE_HEAD(queue);
static struct wait_queue_entry entry;

static int on_wake(struct wait_queue_entry *woken, unsigned int mode, int flags, void *key)
{
	pr_info("  mode %x flags %x key %lx, same entry %d, locked %d, interrupts off %d, "
		"preempt_count %x\n",
		mode, flags, (unsigned long)key, woken == &entry, spin_is_locked(&queue.lock),
		irqs_disabled(), preempt_count());
	return 1;
}

#define SHOW(wake)                                                                                 \
	do {                                                                                       \
		pr_info("%s\n", #wake);                                                            \
		wake;                                                                              \
	} while (0)

static int __init wake_function_init(void)
{
	init_waitqueue_func_entry(&entry, on_wake);
	add_wait_queue(&queue, &entry);
	SHOW(wake_up(&queue));
	SHOW(wake_up_all(&queue));
	SHOW(wake_up_interruptible(&queue));
	SHOW(wake_up_interruptible_sync(&queue));
	SHOW(wake_up_poll(&queue, EPOLLIN | EPOLLHUP));
	SHOW(wake_up_interruptible_poll(&queue, EPOLLOUT));
	SHOW(wake_up_interruptible_sync_poll(&queue, EPOLLPRI));
	spin_lock_irq(&queue.lock);
	SHOW(wake_up_locked(&queue));
	SHOW(wake_up_locked_poll(&queue, EPOLLIN));
	spin_unlock_irq(&queue.lock);
	local_bh_disable();
	SHOW(wake_up(&queue));
	local_bh_enable();
	remove_wait_queue(&queue, &entry);
	pr_info("after: interrupts off %d, preempt_count %x\n", irqs_disabled(), preempt_count());
	return 0;
}

static void __exit wake_function_exit(void)
{
}

module_init(wake_function_init);
module_exit(wake_function_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The arguments and the context of a wake function");
