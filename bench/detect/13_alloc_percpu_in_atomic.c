// kloom:
// expect: sleep-in-atomic
// alloc_percpu() between get_cpu() and put_cpu().
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/smp.h>

static int __percpu *counter;

static int __init example_init(void)
{
	int cpu = get_cpu();

	counter = alloc_percpu(int);
	if (counter)
		*per_cpu_ptr(counter, cpu) = 1000;
	put_cpu();
	return counter ? 0 : -ENOMEM;
}

static void __exit example_exit(void)
{
	free_percpu(counter);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
