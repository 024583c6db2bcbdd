// kloom: --cpus 3 --for 1s
/* on_each_cpu() runs the function once on every CPU, in hardirq context on the others, and waits for it. */
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

static DEFINE_PER_CPU(int, calls);

static void count(void *info)
{
	this_cpu_inc(calls);
	WARN_ON(!irqs_disabled());
}

static int __init start(void)
{
	int cpu, sum = 0;

	on_each_cpu(count, NULL, 1);
	for_each_online_cpu(cpu)
		sum += per_cpu(calls, cpu);
	WARN_ON(sum != 3 || num_online_cpus() != 3);
	WARN_ON(smp_call_function_single(2, count, NULL, 1));
	WARN_ON(smp_call_function_single(63, count, NULL, 1) != -ENXIO);
	WARN_ON(per_cpu(calls, 2) != 2);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
