// SPDX-License-Identifier: MIT
// conformance: Calls to several CPUs: which are called, the caller among them or not, and in which context it calls itself
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(int, calls);
static DEFINE_PER_CPU(int, context);
static cpumask_var_t mask;

static void count(void *argument)
{
	this_cpu_inc(calls);
	this_cpu_write(context, (in_hardirq() ? 4 : 0) | (irqs_disabled() ? 2 : 0) |
					(preempt_count() ? 1 : 0));
}

static bool is_odd(int cpu, void *argument)
{
	return cpu & 1;
}

static bool is_none(int cpu, void *argument)
{
	return false;
}

static void show(const char *what)
{
	int cpu;

	pr_info("%s:", what);
	for_each_possible_cpu(cpu)
	{
		pr_cont(" %d", per_cpu(calls, cpu));
		if (per_cpu(calls, cpu))
			pr_cont("(%d)", per_cpu(context, cpu));
		per_cpu(calls, cpu) = 0;
	}
	pr_cont("\n");
}

static int __init call_many_init(void)
{
	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	pr_info("caller on CPU %d, preempt_count %x\n", raw_smp_processor_id(), preempt_count());
	smp_call_function(count, NULL, 1);
	show("smp_call_function");
	on_each_cpu(count, NULL, 1);
	show("on_each_cpu");
	on_each_cpu_mask(mask, count, NULL, true);
	show("on_each_cpu_mask, empty");
	cpumask_set_cpu(1, mask);
	cpumask_set_cpu(2, mask);
	on_each_cpu_mask(mask, count, NULL, true);
	show("on_each_cpu_mask, 1 and 2");
	preempt_disable();
	smp_call_function_many(mask, count, NULL, true);
	preempt_enable();
	show("smp_call_function_many, 1 and 2");
	cpumask_setall(mask);
	on_each_cpu_mask(mask, count, NULL, true);
	show("on_each_cpu_mask, all");
	on_each_cpu_cond(is_odd, count, NULL, true);
	show("on_each_cpu_cond, odd");
	on_each_cpu_cond(is_none, count, NULL, true);
	show("on_each_cpu_cond, none");
	cpumask_clear_cpu(3, mask);
	on_each_cpu_cond_mask(is_odd, count, NULL, true, mask);
	show("on_each_cpu_cond_mask, odd but 3");
	pr_info("preempt_count %x\n", preempt_count());
	free_cpumask_var(mask);
	return 0;
}

static void __exit call_many_exit(void)
{
}

module_init(call_many_init);
module_exit(call_many_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Calls to several CPUs");
