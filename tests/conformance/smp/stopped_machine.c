// SPDX-License-Identifier: MIT
// conformance: stop_machine(): where the function runs, in which context, what it returns
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/smp.h>
#include <linux/stop_machine.h>

static int runs[4];
static int irqs_off;
static unsigned int count;

static int run(void *argument)
{
	runs[smp_processor_id()]++;
	irqs_off += irqs_disabled();
	count = preempt_count();
	return smp_processor_id() == 2 ? *(int *)argument : 0;
}

static void show(const char *what, int result)
{
	pr_info("%-20s %d, runs %d %d %d %d, with interrupts off %d, preempt_count %x\n", what,
		result, runs[0], runs[1], runs[2], runs[3], irqs_off, count);
	memset(runs, 0, sizeof(runs));
	irqs_off = 0;
}

static int __init stopped_machine_init(void)
{
	int result = -9;

	show("on 2", stop_machine(run, &result, cpumask_of(2)));
	show("on 0", stop_machine(run, &result, cpumask_of(0)));
	result = 5;
	show("on 2", stop_machine(run, &result, cpumask_of(2)));
	show("any", stop_machine(run, &result, NULL) < 0);
	return 0;
}

static void __exit stopped_machine_exit(void)
{
}

module_init(stopped_machine_init);
module_exit(stopped_machine_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("stop_machine()");
