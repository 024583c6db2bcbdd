// SPDX-License-Identifier: MIT
// conformance: maxcpus=2 leaves four possible CPUs, two of them online until somebody asks for the others
// boot: maxcpus=2
// drive: taskset -c 1 insmod $MODULE
// drive: cat /sys/devices/system/cpu/online
// drive: echo 1 > /sys/devices/system/cpu/cpu3/online
// drive: cat /sys/devices/system/cpu/online
// drive: rmmod $MODULE
// drive: echo 0 > /sys/devices/system/cpu/cpu3/online
// drive: cat /sys/devices/system/cpu/online
#include <linux/cpumask.h>
#include <linux/module.h>

static void show(void)
{
	pr_info("online %*pbl, possible %*pbl, present %*pbl, %u online\n", cpumask_pr_args(cpu_online_mask),
		cpumask_pr_args(cpu_possible_mask), cpumask_pr_args(cpu_present_mask), num_online_cpus());
}

static int __init max_cpus_parameter_init(void)
{
	show();
	return 0;
}

static void __exit max_cpus_parameter_exit(void)
{
	show();
}

module_init(max_cpus_parameter_init);
module_exit(max_cpus_parameter_exit);
MODULE_LICENSE("Dual MIT/GPL");
