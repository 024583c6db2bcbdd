// SPDX-License-Identifier: MIT
// conformance: alloc_percpu() gives zeroed copies, also where dirty memory was freed before
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/string.h>

#define ROUNDS 8

static int dirty_bytes(void __percpu *object, size_t size)
{
	int cpu, dirty = 0;
	size_t i;

	for_each_possible_cpu(cpu) for (i = 0; i < size; i++) dirty +=
		((u8 *)per_cpu_ptr(object, cpu))[i] != 0;
	return dirty;
}

static void fill(void __percpu *object, size_t size)
{
	int cpu;

	for_each_possible_cpu(cpu) memset(per_cpu_ptr(object, cpu), 0xa5, size);
}

static int try_size(size_t size)
{
	void __percpu *objects[ROUNDS];
	int round, i, dirty = 0;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ROUNDS; i++) {
			objects[i] = round == 1 ? __alloc_percpu_gfp(size, 8, GFP_NOWAIT)
						: __alloc_percpu(size, 8);
			if (!objects[i])
				return -ENOMEM;
			dirty += dirty_bytes(objects[i], size);
			fill(objects[i], size);
		}
		for (i = 0; i < ROUNDS; i++)
			free_percpu(objects[i]);
	}
	pr_info("%zu bytes: %d dirty\n", size, dirty);
	return 0;
}

static int __init zeroing_init(void)
{
	static const size_t sizes[] = {1, 8, 60, 513};
	int i, error = 0;

	for (i = 0; i < ARRAY_SIZE(sizes) && !error; i++)
		error = try_size(sizes[i]);
	return error;
}

static void __exit zeroing_exit(void)
{
}

module_init(zeroing_init);
module_exit(zeroing_exit);
MODULE_LICENSE("Dual MIT/GPL");
