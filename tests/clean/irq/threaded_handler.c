// kloom: --bound 1 --irq 19
// A one-shot handler: its thread runs in task context with interrupts on, and the line is quiet until it is done.
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#define LINE 19

static int device;
static int runs;

static irqreturn_t on_thread(int irq, void *dev)
{
	WARN_ON(!in_task() || irqs_disabled());
	WARN_ON(strcmp(current->comm, "irq/19-example"));
	msleep(10);
	runs++;
	return IRQ_HANDLED;
}

static int __init example_init(void)
{
	WARN_ON(request_threaded_irq(LINE, NULL, on_thread, 0, "example", &device) == 0);
	return request_threaded_irq(LINE, NULL, on_thread, IRQF_ONESHOT, "example", &device);
}

static void __exit example_exit(void)
{
	synchronize_irq(LINE);
	free_irq(LINE, &device);
	WARN_ON(runs > 1);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
