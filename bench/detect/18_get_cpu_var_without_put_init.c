// kloom:
// expect: preempt-imbalance
// init returns without the put_cpu_var() that belongs to its get_cpu_var().
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, events);

static int __init example_init(void)
{
	get_cpu_var(events)++;
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
