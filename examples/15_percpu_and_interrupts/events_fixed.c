// SPDX-License-Identifier: MIT
/*
 * this_cpu_inc() is one instruction, which no interrupt can divide.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define LINE 19

static DEFINE_PER_CPU(int, events);
static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	this_cpu_inc(events);
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	int err = request_irq(LINE, on_interrupt, IRQF_SHARED, "example", &device);

	if (err)
		return err;
	this_cpu_inc(events);
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("this_cpu_inc() against interrupts");
