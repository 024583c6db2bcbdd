// kloom: --irq 19@0
// With interrupts off on its CPU a task can share data with a handler that runs there only.
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>

#define LINE 19

static int device;
static int value;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	value++;
	return IRQ_HANDLED;
}

static void add(void)
{
	unsigned long flags, inner;

	local_irq_save(flags);
	WARN_ON(irqs_disabled_flags(flags) || !irqs_disabled());
	local_irq_save(inner);
	value++;
	local_irq_restore(inner);
	WARN_ON(!irqs_disabled());
	local_irq_restore(flags);
	WARN_ON(irqs_disabled());
}

static int __init example_init(void)
{
	int err;

	set_cpus_allowed_ptr(current, cpumask_of(0));
	err = request_irq(LINE, on_interrupt, 0, "example", &device);
	if (err)
		return err;
	irq_set_affinity(LINE, cpumask_of(0));
	add();
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
	WARN_ON(value != 1 && value != 2);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
