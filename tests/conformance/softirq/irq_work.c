// SPDX-License-Identifier: MIT
// conformance: when and in which order irq_work runs: queued with interrupts on, off, twice, and from itself
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static void run_irq_work(struct irq_work *work);
static DEFINE_IRQ_WORK(first, run_irq_work);
static DEFINE_IRQ_WORK(second, run_irq_work);
static DEFINE_IRQ_WORK(third, run_irq_work);
static DEFINE_SPINLOCK(lock);
static int repeats;

static void in_tasklet(struct tasklet_struct *tasklet)
{
	pr_info("tasklet\n");
	irq_work_queue(&third);
	pr_info("tasklet ends\n");
}

static DECLARE_TASKLET(tasklet, in_tasklet);

static void run_irq_work(struct irq_work *work)
{
	pr_info("irq_work %s: pending %d, busy %d\n", work == &first ? "first" : work == &second ? "second" : "third",
		irq_work_is_pending(work), irq_work_is_busy(work));
	if (work == &first && repeats > 0) {
		repeats--;
		pr_info("queue it again: %d\n", irq_work_queue(work));
		pr_info("and again: %d\n", irq_work_queue(work));
	}
}

static int __init irq_work_init(void)
{
	unsigned long flags;

	pr_info("queue: %d\n", irq_work_queue(&first));
	pr_info("after: pending %d, busy %d\n", irq_work_is_pending(&first), irq_work_is_busy(&first));

	local_irq_disable();
	pr_info("interrupts off\n");
	pr_info("queue first: %d\n", irq_work_queue(&first));
	pr_info("queue second: %d\n", irq_work_queue(&second));
	pr_info("queue third: %d\n", irq_work_queue(&third));
	pr_info("queue second again: %d\n", irq_work_queue(&second));
	pr_info("pending %d, busy %d\n", irq_work_is_pending(&first), irq_work_is_busy(&first));
	local_irq_enable();
	pr_info("interrupts on\n");

	spin_lock_irqsave(&lock, flags);
	irq_work_queue(&first);
	pr_info("under the lock\n");
	spin_unlock_irqrestore(&lock, flags);
	pr_info("unlocked\n");

	repeats = 2;
	irq_work_queue(&first);
	irq_work_sync(&first);

	pr_info("with a tasklet\n");
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_irq_disable();
	irq_work_queue(&first);
	local_irq_enable();
	local_bh_enable();
	return 0;
}

static void __exit irq_work_exit(void)
{
	irq_work_sync(&first);
	irq_work_sync(&second);
	irq_work_sync(&third);
	tasklet_kill(&tasklet);
}

module_init(irq_work_init);
module_exit(irq_work_exit);
MODULE_LICENSE("Dual MIT/GPL");
