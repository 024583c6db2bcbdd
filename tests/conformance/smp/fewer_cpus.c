// SPDX-License-Identifier: MIT
// conformance: nr_cpus=2 on a computer with four: what is possible, present and online, and what is refused
// boot: nr_cpus=2
// drive: insmod $MODULE
// drive: cat /sys/devices/system/cpu/possible /sys/devices/system/cpu/present /sys/devices/system/cpu/online
// drive: grep -c ^processor /proc/cpuinfo; nproc
// drive: taskset -c 2 true 2>/dev/null; echo "taskset $?"
// drive: taskset -c 1 echo "on 1"
#include <linux/cpumask.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>

static void nothing(void *unused)
{
}

static int __init fewer_cpus_init(void)
{
	pr_info("possible %u present %u online %u active %u, nr_cpu_ids %u, NR_CPUS %d\n",
		num_possible_cpus(), num_present_cpus(), num_online_cpus(), num_active_cpus(),
		nr_cpu_ids, NR_CPUS);
	pr_info("possible \"%*pbl\" online \"%*pbl\"\n", cpumask_pr_args(cpu_possible_mask),
		cpumask_pr_args(cpu_online_mask));
	pr_info("cpumask_next %u, last %u\n", cpumask_next(1, cpu_possible_mask),
		cpumask_last(cpu_possible_mask));
	pr_info("call to 1: %d, to 2: %d\n", smp_call_function_single(1, nothing, NULL, 1),
		smp_call_function_single(2, nothing, NULL, 1));
	return 0;
}

static void __exit fewer_cpus_exit(void)
{
}

module_init(fewer_cpus_init);
module_exit(fewer_cpus_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("A kernel with fewer CPUs");
