// SPDX-License-Identifier: MIT
/*
 * spin_lock_irqsave() acts against all of them: interrupts on this CPU, and everything on the others.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

#define LINE 19

static int received;
static DEFINE_SPINLOCK(received_lock);
static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	spin_lock(&received_lock);
	received++;
	spin_unlock(&received_lock);
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	unsigned long flags;
	int err = request_irq(LINE, on_interrupt, IRQF_SHARED, "example", &device);

	if (err)
		return err;
	spin_lock_irqsave(&received_lock, flags);
	received++;
	spin_unlock_irqrestore(&received_lock, flags);
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("All causes covered");
