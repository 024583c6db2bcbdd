// kloom:
// Per-CPU memory is freed at unload.
#include <linux/module.h>
#include <linux/percpu.h>

static long __percpu *counter;

static int __init start(void)
{
	counter = alloc_percpu(long);
	return counter ? 0 : -ENOMEM;
}

static void __exit stop(void)
{
	free_percpu(counter);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
