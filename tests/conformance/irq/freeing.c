// SPDX-License-Identifier: MIT
// conformance: giving lines back: a device that has none, twice, one of several, and what the log says
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>

#define LINE 17

static int first, second;

static irqreturn_t handle(int irq, void *device)
{
	return IRQ_NONE;
}

static void show_free(const char *what, unsigned int line, void *device)
{
	const char *name = free_irq(line, device);

	pr_info("%s: %s\n", what, name ? name : "nothing");
}

static int __init freeing_init(void)
{
	pr_info("request %d\n", request_irq(LINE, handle, IRQF_SHARED, "freeing", &first));
	show_free("another device", LINE, &second);
	pr_info("second %d\n", request_irq(LINE, handle, IRQF_SHARED, "freeing_second", &second));
	show_free("the first one", LINE, &first);
	show_free("the second one", LINE, &second);
	show_free("again", LINE, &second);
	show_free("a line that does not exist", 1000000, &second);
	pr_info("request without a name %d\n", request_irq(LINE, handle, 0, NULL, &first));
	show_free("that", LINE, &first);
	pr_info("irq_has_action %d\n", irq_has_action(LINE));
	pr_info("any context %d", request_any_context_irq(LINE, handle, 0, "freeing_any", &first));
	pr_cont(" has action %d\n", irq_has_action(LINE));
	show_free("that", LINE, &first);
	return 0;
}

static void __exit freeing_exit(void)
{
}

module_init(freeing_init);
module_exit(freeing_exit);
MODULE_LICENSE("Dual MIT/GPL");
