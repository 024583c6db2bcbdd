// kloom:
// The per-CPU pointer is used after it was allocated.
#include <linux/module.h>
#include <linux/percpu.h>

static int __percpu *counter;

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
	free_percpu(counter);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
