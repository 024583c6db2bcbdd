// SPDX-License-Identifier: MIT
/*
 * A counter is shared with an interrupt handler. Switching preemption off is the wrong remedy: it acts against
 * one of the five causes of concurrency only.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

#define LINE 19

static int received;
static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	received++;
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	int err = request_irq(LINE, on_interrupt, IRQF_SHARED, "example", &device);

	if (err)
		return err;
	preempt_disable();	/* keeps tasks away, not interrupts */
	received++;
	preempt_enable();
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The wrong cause switched off");
