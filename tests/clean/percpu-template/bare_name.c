// kloom:
// A per-CPU variable is used through this_cpu_write().
#include <linux/module.h>
#include <linux/percpu.h>

static DEFINE_PER_CPU(int, events);

static int __init example_init(void)
{
	this_cpu_write(events, 1);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
