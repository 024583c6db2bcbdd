// kloom: --bound 1 --irq 19
// Handlers share a line when all of them say so and each has a dev_id.
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/module.h>

#define LINE 19

static int first_device, second_device;
static int first_runs, second_runs;

static irqreturn_t on_first(int irq, void *dev)
{
	WARN_ON(irq != LINE || dev != &first_device || !in_hardirq() || !irqs_disabled());
	first_runs++;
	return IRQ_NONE;
}

static irqreturn_t on_second(int irq, void *dev)
{
	WARN_ON(dev != &second_device);
	second_runs++;
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	WARN_ON(request_irq(LINE, on_first, IRQF_SHARED, "first", NULL) != -EINVAL);
	WARN_ON(request_irq(LINE, NULL, 0, "first", NULL) != -EINVAL);
	WARN_ON(request_irq(NR_IRQS, on_first, 0, "first", NULL) != -EINVAL);
	WARN_ON(request_irq(0, on_first, 0, "first", NULL) != -EBUSY);
	WARN_ON(request_irq(LINE, on_first, IRQF_SHARED, "first", &first_device));
	WARN_ON(request_irq(LINE, on_second, 0, "second", &second_device) != -EBUSY);
	WARN_ON(request_irq(LINE, on_second, IRQF_SHARED, "second", &second_device));
	return 0;
}

static void __exit example_exit(void)
{
	free_irq(LINE, &first_device);
	free_irq(LINE, &second_device);
	WARN_ON(first_runs > 1 || second_runs > 1);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
