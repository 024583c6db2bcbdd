// SPDX-License-Identifier: MIT
// conformance: which second request of a line is refused, by the flags of both
#include <linux/interrupt.h>
#include <linux/module.h>

#define LINE 5

static irqreturn_t handle(int irq, void *device)
{
	return IRQ_NONE;
}

static int here, there;

static void try_pair(const char *what, unsigned long first, unsigned long second)
{
	int error = request_irq(LINE, handle, first, "first", &here);

	if (error) {
		pr_info("%s: the first one fails: %d\n", what, error);
		return;
	}
	error = request_irq(LINE, handle, second, "second", &there);
	pr_info("%s: %d\n", what, error);
	if (!error)
		pr_info("  free the second one: %s\n", (const char *)free_irq(LINE, &there));
	pr_info("  free the first one: %s\n", (const char *)free_irq(LINE, &here));
}

static int __init sharing_init(void)
{
	try_pair("none shares", 0, 0);
	try_pair("only the second one shares", 0, IRQF_SHARED);
	try_pair("only the first one shares", IRQF_SHARED, 0);
	try_pair("both share", IRQF_SHARED, IRQF_SHARED);
	try_pair("the first one per CPU", IRQF_SHARED | IRQF_PERCPU, IRQF_SHARED);
	try_pair("the second one shot", IRQF_SHARED, IRQF_SHARED | IRQF_ONESHOT);
	try_pair("rising and falling", IRQF_SHARED | IRQF_TRIGGER_RISING, IRQF_SHARED | IRQF_TRIGGER_FALLING);
	try_pair("probing", 0, IRQF_PROBE_SHARED);
	return 0;
}

static void __exit sharing_exit(void)
{
}

module_init(sharing_init);
module_exit(sharing_exit);
MODULE_LICENSE("Dual MIT/GPL");
