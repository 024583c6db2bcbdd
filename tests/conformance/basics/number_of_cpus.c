// SPDX-License-Identifier: MIT
// conformance: NR_CPUS, the online CPUs, and an init that fails with -1, which insmod calls EPERM
// drive: taskset -c 2 insmod $MODULE
#include <linux/cpumask.h>
#include <linux/module.h>

static int __init number_of_cpus_init(void)
{
	pr_info("%s: NR_CPUS=%d\n", __func__, NR_CPUS);
	pr_info("%u online, %u possible, %u present, nr_cpu_ids %u\n", num_online_cpus(), num_possible_cpus(),
		num_present_cpus(), nr_cpu_ids);
	return -1;
}

static void __exit number_of_cpus_exit(void)
{
	pr_info("never reached\n");
}

module_init(number_of_cpus_init);
module_exit(number_of_cpus_exit);
MODULE_LICENSE("Dual MIT/GPL");
