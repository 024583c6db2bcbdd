// SPDX-License-Identifier: MIT
// conformance: a raised line: in which context its handler runs, what its results and its threads come to
// drive: taskset -c 1 insmod $MODULE
// drive: raise 20; raise 21; raise 22
// drive: rmmod $MODULE
// drive: insmod $MODULE answer=2; raise 21; raise 22; rmmod $MODULE
// drive: insmod $MODULE answer=1; raise 21; rmmod $MODULE
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>

#define LINE	    20
#define THREAD_LINE 21
#define SHARED_LINE 22

static int answer = IRQ_WAKE_THREAD;
module_param(answer, int, 0444);
static int first, second;

static void show(const char *what, int irq, void *device)
{
	pr_info("%s: irq %d, hardirq %d task %d, irqs off %d, atomic %d, device %s\n", what, irq, !!in_hardirq(),
		in_task(), !!irqs_disabled(), !!in_atomic(),
		device == &first ? "first" : device == &second ? "second" : "unknown");
}

static irqreturn_t handle(int irq, void *device)
{
	show("handler", irq, device);
	return IRQ_HANDLED;
}

static irqreturn_t refuse(int irq, void *device)
{
	show("refusing handler", irq, device);
	return IRQ_NONE;
}

static irqreturn_t handle_first(int irq, void *device)
{
	show("primary handler", irq, device);
	return answer;
}

static irqreturn_t handle_thread(int irq, void *device)
{
	pr_info("thread %s: irq %d, hardirq %d task %d, irqs off %d, atomic %d, policy %u priority %u\n", current->comm, irq, !!in_hardirq(),
		in_task(), !!irqs_disabled(), !!in_atomic(), current->policy, current->rt_priority);
	return IRQ_HANDLED;
}

static int __init raised_init(void)
{
	int error = request_irq(LINE, handle, 0, "raised", &first);

	error = error ?: request_threaded_irq(THREAD_LINE, handle_first, handle_thread, 0, "raised_thread", &first);
	error = error ?: request_irq(SHARED_LINE, refuse, IRQF_SHARED, "raised_first", &first);
	error = error ?: request_irq(SHARED_LINE, handle, IRQF_SHARED, "raised_second", &second);
	pr_info("requests: %d\n", error);
	return error;
}

static void __exit raised_exit(void)
{
	free_irq(SHARED_LINE, &second);
	free_irq(SHARED_LINE, &first);
	free_irq(THREAD_LINE, &first);
	free_irq(LINE, &first);
}

module_init(raised_init);
module_exit(raised_exit);
MODULE_LICENSE("Dual MIT/GPL");
