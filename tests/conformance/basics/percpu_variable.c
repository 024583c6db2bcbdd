// SPDX-License-Identifier: MIT
// conformance: get_cpu_var() is an lvalue; each CPU has a copy of its own with the initial value
// drive: taskset -c 2 insmod $MODULE
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, counter) = 5;
static DEFINE_PER_CPU(int[3], samples);

static void show_all(const char *when)
{
	int cpu;

	for_each_online_cpu(cpu)
		pr_info("%s: counter is %d, samples %d %d %d at Processor:%d\n", when, per_cpu(counter, cpu),
			per_cpu(samples, cpu)[0], per_cpu(samples, cpu)[1], per_cpu(samples, cpu)[2], cpu);
}

static int __init percpu_variable_init(void)
{
	show_all("before");
	pr_info("preempt_count %d\n", preempt_count());
	get_cpu_var(counter)++;
	pr_info("between get and put: preempt_count %d, cpu %d\n", preempt_count(), smp_processor_id());
	get_cpu_var(samples)[1] = 10;
	put_cpu_var(samples);
	put_cpu_var(counter);
	show_all("after");
	return -1;
}

module_init(percpu_variable_init);
MODULE_LICENSE("Dual MIT/GPL");
