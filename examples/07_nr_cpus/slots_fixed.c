// SPDX-License-Identifier: MIT
/*
 * nr_cpu_ids is one more than the highest possible CPU number: the right size for an array indexed by CPU.
 */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/slab.h>

static int *slots;

static int __init example_init(void)
{
	int cpu;

	pr_info("NR_CPUS %d, possible %u, online %u\n", NR_CPUS, num_possible_cpus(), num_online_cpus());
	slots = kcalloc(nr_cpu_ids, sizeof(*slots), GFP_KERNEL);
	if (!slots)
		return -ENOMEM;
	for_each_possible_cpu(cpu)
		slots[cpu] = cpu;
	return 0;
}

static void __exit example_exit(void)
{
	kfree(slots);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("An array sized by the possible CPUs");
