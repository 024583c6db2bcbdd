// kloom: --irq 19
// expect: deadlock
// disable_irq() waits until no handler of the line runs, and is called from one.
#include <linux/interrupt.h>
#include <linux/module.h>

#define LINE 19

static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	disable_irq(irq);
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	return request_irq(LINE, on_interrupt, 0, "example", &device);
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
