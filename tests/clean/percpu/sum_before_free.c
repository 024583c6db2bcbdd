// kloom:
// A per-CPU counter is read for the last time before it is freed.
#include <linux/module.h>
#include <linux/percpu.h>

static int __percpu *counter;

static int sum(void)
{
	int total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		total += *per_cpu_ptr(counter, cpu);
	return total;
}

static int __init start(void)
{
	counter = alloc_percpu(int);
	if (!counter)
		return -ENOMEM;
	this_cpu_inc(*counter);
	return 0;
}

static void __exit stop(void)
{
	pr_info("sum %d\n", sum());
	free_percpu(counter);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
