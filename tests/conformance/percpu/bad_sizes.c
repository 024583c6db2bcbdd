// SPDX-License-Identifier: MIT
// conformance: __alloc_percpu() refuses sizes and alignments with NULL and a WARN, unless __GFP_NOWARN
// open: ^WARNING: .* at \S*percpu\.c:.* -> WARNING at percpu.c | the line in the kernel's source
#include <linux/module.h>
#include <linux/percpu.h>

static void try(size_t size, size_t align, gfp_t gfp)
{
	void __percpu *object = __alloc_percpu_gfp(size, align, gfp);

	pr_info("size %zu align %zu%s: %s\n", size, align, gfp & __GFP_NOWARN ? " nowarn" : "",
		object ? "memory" : "NULL");
	free_percpu(object);
}

static int __init bad_sizes_init(void)
{
	try(0, 8, GFP_KERNEL);
	try(0, 8, GFP_KERNEL | __GFP_NOWARN);
	try(32768, 8, GFP_KERNEL);
	try(32769, 8, GFP_KERNEL);
	try(32769, 8, GFP_KERNEL | __GFP_NOWARN);
	try(8, 4096, GFP_KERNEL);
	try(8, 8192, GFP_KERNEL | __GFP_NOWARN);
	try(8, 3, GFP_KERNEL | __GFP_NOWARN);
	try(8, 0, GFP_KERNEL | __GFP_NOWARN);
	try(8, 1, GFP_KERNEL);
	try(8, 2, GFP_KERNEL);
	try(1, 4, GFP_NOWAIT);
	try(8, 24, GFP_KERNEL);
	return 0;
}

static void __exit bad_sizes_exit(void)
{
}

module_init(bad_sizes_init);
module_exit(bad_sizes_exit);
MODULE_LICENSE("Dual MIT/GPL");
