// SPDX-License-Identifier: MIT
/*
 * Every CPU that can ever have counted is a possible one.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, hits);

static int __init example_init(void)
{
	int cpu, sum = 0;

	for_each_possible_cpu(cpu)
		per_cpu(hits, cpu) = 1;
	for_each_possible_cpu(cpu)
		sum += per_cpu(hits, cpu);
	WARN_ON(sum != num_possible_cpus());
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A sum over the possible CPUs");
