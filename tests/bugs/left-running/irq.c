// kloom: --for 1s
// expect: left-running
#include <linux/interrupt.h>
#include <linux/module.h>

static int device;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	return IRQ_NONE;
}

static int __init example_init(void)
{
	return request_irq(19, on_interrupt, IRQF_SHARED, "example", &device);
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
