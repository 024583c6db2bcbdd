// kloom: --for 1s
// expect: deadlock
// cancel_work_sync() waits for work that waits for the mutex which the caller holds.
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/workqueue.h>

static DEFINE_MUTEX(lock);
static int runs;

static void count(struct work_struct *work)
{
	mutex_lock(&lock);
	runs++;
	mutex_unlock(&lock);
}

static DECLARE_WORK(work, count);

static int __init example_init(void)
{
	schedule_work(&work);
	mutex_lock(&lock);
	cancel_work_sync(&work);
	mutex_unlock(&lock);
	return 0;
}

static void __exit example_exit(void)
{
	cancel_work_sync(&work);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
