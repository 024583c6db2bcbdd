// kloom: --bound 0 --for 1s
// expect: deadlock
/* Memory is allocated on behalf of file systems while they reclaim it. */
#include <linux/module.h>
#include <linux/sched/mm.h>

static int __init start(void)
{
	fs_reclaim_acquire(GFP_KERNEL);
	might_alloc(GFP_KERNEL);
	fs_reclaim_release(GFP_KERNEL);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
