// kloom: --for 1s
// expect: left-running
// The work sleeps while the module is unloaded.
#include <linux/delay.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static void slow(struct work_struct *work)
{
	ssleep(100);
}

static DECLARE_WORK(work, slow);

static int __init example_init(void)
{
	schedule_work(&work);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
