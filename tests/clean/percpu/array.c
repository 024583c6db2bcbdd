// kloom:
// The loop stays within the per-CPU array.
#include <linux/module.h>
#include <linux/percpu.h>

#define ELEMENTS 4

struct history {
	int element[ELEMENTS];
};

static struct history __percpu *history;

static int __init start(void)
{
	struct history *mine;
	int i;

	history = alloc_percpu(struct history);
	if (!history)
		return -ENOMEM;
	mine = get_cpu_ptr(history);
	for (i = 0; i < ELEMENTS; i++)
		mine->element[i] = i;
	put_cpu_ptr(history);
	return 0;
}

static void __exit stop(void)
{
	free_percpu(history);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
