// SPDX-License-Identifier: MIT
/*
 * They are read first and freed last.
 */
#include <linux/module.h>
#include <linux/percpu.h>

struct statistics {
	u64 packets;
	u64 bytes;
};

static struct statistics __percpu *statistics;

static int __init example_init(void)
{
	struct statistics *mine;

	statistics = alloc_percpu(struct statistics);
	if (!statistics)
		return -ENOMEM;
	mine = get_cpu_ptr(statistics);
	mine->packets++;
	mine->bytes += 64;
	put_cpu_ptr(statistics);
	return 0;
}

static void __exit example_exit(void)
{
	u64 packets = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		packets += per_cpu_ptr(statistics, cpu)->packets;
	pr_info("%llu packets\n", packets);
	free_percpu(statistics);
}

module_init(example_init);
module_exit(example_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Per-CPU memory read, then freed");
