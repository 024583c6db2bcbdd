// SPDX-License-Identifier: MIT
// conformance: how static and dynamic per-CPU objects are aligned and how far their copies lie apart
#include <linux/cache.h>
#include <linux/cpumask.h>
#include <linux/log2.h>
#include <linux/module.h>
#include <linux/percpu.h>

struct pair {
	char tag;
	long number;
};

static DEFINE_PER_CPU(char, before) = 1;
static DEFINE_PER_CPU_ALIGNED(char, aligned);
static DEFINE_PER_CPU(char, between) = 2;
static DEFINE_PER_CPU_SHARED_ALIGNED(struct pair, shared_aligned);
static DEFINE_PER_CPU(int, whole) = 3;
static DEFINE_PER_CPU(long, after) = 4;

static bool copies_are_aligned(const void __percpu *object, unsigned long alignment)
{
	int cpu;

	for_each_possible_cpu(cpu) if (!IS_ALIGNED((unsigned long)per_cpu_ptr(object, cpu),
						   alignment)) return false;
	return true;
}

/* The copies lie at the same distance for every object. */
static bool same_distance(const void __percpu *a, const void __percpu *b)
{
	int cpu;

	for_each_possible_cpu(cpu) if (per_cpu_ptr(a, cpu) - per_cpu_ptr(a, 0) !=
				       per_cpu_ptr(b, cpu) - per_cpu_ptr(b, 0)) return false;
	return true;
}

static void static_objects(void)
{
	pr_info("values %d %d %d %ld\n", per_cpu(before, 2), per_cpu(between, 3), per_cpu(whole, 1),
		per_cpu(after, 0));
	pr_info("char aligned to a cache line: %d\n",
		copies_are_aligned(&aligned, SMP_CACHE_BYTES));
	pr_info("struct shared aligned to a cache line: %d\n",
		copies_are_aligned(&shared_aligned, SMP_CACHE_BYTES));
	pr_info("long aligned: %d, int %d\n", copies_are_aligned(&after, sizeof(long)),
		copies_are_aligned(&whole, sizeof(int)));
	pr_info("one line does not hold two: %d\n",
		(unsigned long)&aligned / SMP_CACHE_BYTES !=
			(unsigned long)&shared_aligned / SMP_CACHE_BYTES);
	pr_info("all at the same distance: %d\n",
		same_distance(&before, &after) && same_distance(&after, &aligned));
	pr_info("copies on different pages: %d\n",
		(unsigned long)per_cpu_ptr(&after, 0) / PAGE_SIZE !=
			(unsigned long)per_cpu_ptr(&after, 1) / PAGE_SIZE);
	pr_info("sizes %zu %zu\n", sizeof(aligned), sizeof(shared_aligned));
}

static void dynamic_objects(void)
{
	static const size_t sizes[] = {1, 3, 8, 24, 100, 4096, 32768};
	void __percpu *objects[ARRAY_SIZE(sizes)];
	unsigned long align;
	int i, aligned_objects, apart;

	for (align = 1; align <= PAGE_SIZE; align *= 2) {
		aligned_objects = 0;
		apart = 0;
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			objects[i] = __alloc_percpu(sizes[i], align);
			aligned_objects += objects[i] && copies_are_aligned(objects[i], align);
			apart += i && per_cpu_ptr(objects[i], 3) != per_cpu_ptr(objects[i - 1], 3);
		}
		pr_info("align %lu: %d of %zu aligned, %d apart\n", align, aligned_objects,
			ARRAY_SIZE(sizes), apart);
		for (i = 0; i < ARRAY_SIZE(sizes); i++)
			free_percpu(objects[i]);
	}
}

static int __init alignment_init(void)
{
	struct pair __percpu *pair = alloc_percpu(struct pair);

	static_objects();
	dynamic_objects();
	pr_info("alloc_percpu of a struct aligned to its members: %d\n",
		copies_are_aligned(pair, __alignof__(struct pair)));
	free_percpu(pair);
	return 0;
}

static void __exit alignment_exit(void)
{
}

module_init(alignment_init);
module_exit(alignment_exit);
MODULE_LICENSE("Dual MIT/GPL");
