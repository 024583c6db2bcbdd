// SPDX-License-Identifier: MIT
// conformance: CPU hotplug states: where and in which order callbacks run at setup and removal, roll-back, results
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/smp.h>

static int failing_cpu = -1;

static int startup(unsigned int cpu)
{
	pr_info("  startup %u on the same CPU %d, in_task %d, preempt_count %x, interrupts off "
		"%d\n",
		cpu, raw_smp_processor_id() == cpu, in_task(), preempt_count(), irqs_disabled());
	return cpu == failing_cpu ? -EIO : 0;
}

static int teardown(unsigned int cpu)
{
	pr_info("  teardown %u on the same CPU %d\n", cpu, raw_smp_processor_id() == cpu);
	return 0;
}

static int prepare(unsigned int cpu)
{
	pr_info("  prepare %u by \"%s\"\n", cpu, current->comm);
	return cpu == failing_cpu ? -ENOMEM : 0;
}

static int dead(unsigned int cpu)
{
	pr_info("  dead %u by \"%s\"\n", cpu, current->comm);
	return 0;
}

static int setup(const char *what, enum cpuhp_state state, int (*begin)(unsigned int),
		 int (*end)(unsigned int))
{
	int result;

	pr_info("%s\n", what);
	result = cpuhp_setup_state(state, "conformance:test", begin, end);
	pr_info("%s: %s\n", what, result > 0 ? "a state" : result == 0 ? "0" : "an error");
	if (result < 0)
		pr_info("  %d\n", result);
	return result;
}

static int __init hotplug_setup_init(void)
{
	int first, second, result;

	first = setup("online", CPUHP_AP_ONLINE_DYN, startup, teardown);
	second = setup("second online, no startup", CPUHP_AP_ONLINE_DYN, NULL, teardown);
	pr_info("dynamic %d %d, the second is the next %d\n", first >= CPUHP_AP_ONLINE_DYN,
		first <= CPUHP_AP_ONLINE_DYN_END, second == first + 1);
	pr_info("remove the second\n");
	cpuhp_remove_state(second);
	pr_info("remove without calls\n");
	cpuhp_remove_state_nocalls(first);
	result = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN, "conformance:nocalls", startup,
					   teardown);
	pr_info("without calls, the same number %d\n", result == first);
	pr_info("remove\n");
	cpuhp_remove_state(result);
	failing_cpu = 2;
	result = setup("fails on 2", CPUHP_AP_ONLINE_DYN, startup, teardown);
	failing_cpu = -1;
	first = setup("prepare", CPUHP_BP_PREPARE_DYN, prepare, dead);
	pr_info("dynamic %d\n", first >= CPUHP_BP_PREPARE_DYN && first <= CPUHP_BP_PREPARE_DYN_END);
	cpuhp_remove_state(first);
	failing_cpu = 1;
	setup("prepare fails on 1", CPUHP_BP_PREPARE_DYN, prepare, dead);
	pr_info("no name: %d\n", cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, NULL, startup, teardown));
	return 0;
}

static void __exit hotplug_setup_exit(void)
{
}

module_init(hotplug_setup_init);
module_exit(hotplug_setup_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("CPU hotplug states");
