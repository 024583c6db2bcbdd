// SPDX-License-Identifier: MIT
// conformance: nr_cpus=2 leaves two possible CPUs; the others cannot be named
// boot: nr_cpus=2
// drive: taskset -c 1 insmod $MODULE
// drive: cat /sys/devices/system/cpu/possible /sys/devices/system/cpu/online
// drive: nproc
// drive: grep -c ^processor /proc/cpuinfo
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, hits);

static int __init nr_cpus_parameter_init(void)
{
	int cpu, copies = 0;

	pr_info("%u online, %u possible, nr_cpu_ids %u\n", num_online_cpus(), num_possible_cpus(), nr_cpu_ids);
	for_each_possible_cpu(cpu)
		copies += per_cpu(hits, cpu) == 0;
	pr_info("%d copies, possible CPUs %*pbl, CPU 3 is possible: %d\n", copies, cpumask_pr_args(cpu_possible_mask),
		cpu_possible(3));
	return 0;
}

static void __exit nr_cpus_parameter_exit(void)
{
}

module_init(nr_cpus_parameter_init);
module_exit(nr_cpus_parameter_exit);
MODULE_LICENSE("Dual MIT/GPL");
