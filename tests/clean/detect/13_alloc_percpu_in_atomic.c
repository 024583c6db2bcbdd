// kloom:
// The memory is allocated before get_cpu().
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

static int __percpu *counter;

static int __init example_init(void)
{
	counter = alloc_percpu(int);
	if (!counter)
		return -ENOMEM;
	*per_cpu_ptr(counter, get_cpu()) = 1000;
	put_cpu();
	return 0;
}

static void __exit example_exit(void)
{
	free_percpu(counter);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
