// kloom: --bound 1 --irq 19
// While a line is disabled its interrupt waits. After disable_irq() no handler runs, so the task may touch its data.
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/module.h>

#define LINE 19

static int device;
static int runs;

static irqreturn_t on_interrupt(int irq, void *dev)
{
	runs++;
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	int err = request_irq(LINE, on_interrupt, 0, "example", &device);

	if (err)
		return err;
	disable_irq(LINE);
	disable_irq_nosync(LINE);
	runs += 10;
	enable_irq(LINE);
	runs += 10;
	enable_irq(LINE);
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &device);
	WARN_ON(runs != 20 && runs != 21);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
