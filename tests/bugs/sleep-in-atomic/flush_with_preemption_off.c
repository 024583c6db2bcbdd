// kloom: --for 1s
// expect: sleep-in-atomic
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/workqueue.h>

static void nothing(struct work_struct *work)
{
}

static DECLARE_WORK(work, nothing);

static int __init example_init(void)
{
	schedule_work(&work);
	preempt_disable();
	flush_work(&work);
	preempt_enable();
	return 0;
}

static void __exit example_exit(void)
{
	cancel_work_sync(&work);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
