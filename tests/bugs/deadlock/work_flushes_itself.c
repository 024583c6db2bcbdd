// kloom: --for 1s
// expect: deadlock
#include <linux/module.h>
#include <linux/workqueue.h>

static void flush_me(struct work_struct *work)
{
	flush_work(work);
}

static DECLARE_WORK(work, flush_me);

static int __init example_init(void)
{
	schedule_work(&work);
	return 0;
}

static void __exit example_exit(void)
{
	cancel_work_sync(&work);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
