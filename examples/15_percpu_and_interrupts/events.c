// SPDX-License-Identifier: MIT
/*
 * A per-CPU variable keeps the other CPUs away, not an interrupt on its own CPU.
 */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/percpu.h>

#define LINE 19

static DEFINE_PER_CPU(int, events);
static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	__this_cpu_inc(events);
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	int err = request_irq(LINE, on_interrupt, IRQF_SHARED, "example", &device);

	if (err)
		return err;
	get_cpu_var(events)++;
	put_cpu_var(events);
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A per-CPU variable and an interrupt");
