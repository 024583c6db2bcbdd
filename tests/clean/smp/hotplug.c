// kloom: --cpus 2 --for 1s
/* Callbacks of a hotplug state run on each CPU as it comes and goes. */
#include <linux/cpu.h>
#include <linux/cpuhotplug.h>
#include <linux/module.h>
#include <linux/smp.h>

static int state, up[2], down[2];

static int come(unsigned int cpu)
{
	WARN_ON(cpu != smp_processor_id());
	up[cpu]++;
	return 0;
}

static int go(unsigned int cpu)
{
	WARN_ON(cpu != smp_processor_id());
	down[cpu]++;
	return 0;
}

static int __init start(void)
{
	state = cpuhp_setup_state(CPUHP_AP_ONLINE_DYN, "test:online", come, go);
	if (state < 0)
		return state;
	WARN_ON(up[0] != 1 || up[1] != 1);
	WARN_ON(remove_cpu(1));
	WARN_ON(cpu_online(1) || num_online_cpus() != 1 || down[1] != 1);
	WARN_ON(add_cpu(1));
	WARN_ON(!cpu_online(1) || up[1] != 2);
	return 0;
}

static void __exit stop(void)
{
	cpuhp_remove_state(state);
	WARN_ON(down[0] != 1 || down[1] != 2);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
