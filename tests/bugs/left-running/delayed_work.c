// kloom: --for 1s
// expect: left-running
#include <linux/module.h>
#include <linux/workqueue.h>

static void late(struct work_struct *work)
{
}

static DECLARE_DELAYED_WORK(dwork, late);

static int __init example_init(void)
{
	schedule_delayed_work(&dwork, 100 * HZ);
	return 0;
}

static void __exit example_exit(void)
{
	flush_work(&dwork.work);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
