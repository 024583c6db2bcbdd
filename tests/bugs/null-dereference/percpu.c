// kloom:
// expect: null-dereference
// this_cpu_inc() of a per-CPU pointer that is NULL.
#include <linux/module.h>
#include <linux/percpu.h>

static int __percpu *counter;

static int __init start(void)
{
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
