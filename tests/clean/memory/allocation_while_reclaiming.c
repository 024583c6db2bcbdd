// kloom: --bound 0 --for 1s
/* Flags and scopes keep an allocation out of the file systems that reclaim memory. */
#include <linux/module.h>
#include <linux/sched/mm.h>

static int __init start(void)
{
	unsigned int outer, inner;

	fs_reclaim_acquire(GFP_KERNEL);
	might_alloc(GFP_NOFS);
	outer = memalloc_nofs_save();
	might_alloc(GFP_KERNEL);
	inner = memalloc_nofs_save();
	memalloc_nofs_restore(inner);
	might_alloc(GFP_KERNEL);
	memalloc_nofs_restore(outer);
	outer = memalloc_noreclaim_save();
	might_alloc(GFP_KERNEL);
	memalloc_noreclaim_restore(outer);
	fs_reclaim_release(GFP_KERNEL);
	WARN_ON(current_gfp_context(GFP_KERNEL) != GFP_KERNEL);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
