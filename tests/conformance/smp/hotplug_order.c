// SPDX-License-Identifier: MIT
// conformance: A CPU goes offline and comes back: the order of callbacks of several states, on which CPU, and the masks they see
// drive: taskset -c 1 insmod $MODULE
// drive: taskset -c 1 sh -c 'echo 0 >/sys/devices/system/cpu/cpu2/online'
// drive: cat /sys/devices/system/cpu/cpu2/online /sys/devices/system/cpu/online /sys/devices/system/cpu/offline
// drive: grep -c ^processor /proc/cpuinfo
// drive: taskset -c 1 sh -c 'echo 1 >/sys/devices/system/cpu/cpu2/online'
// drive: cat /sys/devices/system/cpu/cpu2/online /sys/devices/system/cpu/online
// drive: taskset -c 1 rmmod $MODULE
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/module.h>
#include <linux/smp.h>

static int states[4];
static bool is_set_up;

static void show(const char *what, unsigned int cpu)
{
	if (is_set_up)
		pr_info("%-12s %u: runs %s, online \"%*pbl\", active %d, num_online_cpus %u\n",
			what, cpu, raw_smp_processor_id() == cpu ? "there" : "elsewhere",
			cpumask_pr_args(cpu_online_mask), cpu_active(cpu), num_online_cpus());
}

#define CALLBACKS(name)                                                                            \
	static int name##_up(unsigned int cpu)                                                     \
	{                                                                                          \
		show(#name " up", cpu);                                                            \
		return 0;                                                                          \
	}                                                                                          \
	static int name##_down(unsigned int cpu)                                                   \
	{                                                                                          \
		show(#name " down", cpu);                                                          \
		return 0;                                                                          \
	}

CALLBACKS(first)
CALLBACKS(second)
CALLBACKS(early)
CALLBACKS(later)

static int __init hotplug_order_init(void)
{
	states[0] =
		cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "conformance:first", first_up, first_down);
	states[1] = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "conformance:second", second_up,
				      second_down);
	states[2] =
		cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "conformance:early", early_up, early_down);
	states[3] =
		cpuhp_setup_state(CPUHP_BP_PREPARE_DYN, "conformance:later", later_up, later_down);
	is_set_up = true;
	return 0;
}

static void __exit hotplug_order_exit(void)
{
	int i;

	is_set_up = false;
	for (i = 3; i >= 0; i--)
		cpuhp_remove_state(states[i]);
}

module_init(hotplug_order_init);
module_exit(hotplug_order_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The order of hotplug callbacks");
