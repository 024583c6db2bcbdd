// kloom: --bound 1 --for 1s
// Delayed work that queues itself again is stopped for good by cancel_delayed_work_sync().
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/workqueue.h>

static int runs;
static struct delayed_work dwork;

static void again(struct work_struct *work)
{
	WARN_ON(to_delayed_work(work) != &dwork);
	runs++;
	schedule_delayed_work(&dwork, HZ / 4);
}

static int __init example_init(void)
{
	INIT_DELAYED_WORK(&dwork, again);
	WARN_ON(!schedule_delayed_work(&dwork, HZ));
	WARN_ON(!mod_delayed_work(system_wq, &dwork, HZ / 4));
	WARN_ON(!delayed_work_pending(&dwork));
	return 0;
}

static void __exit example_exit(void)
{
	cancel_delayed_work_sync(&dwork);
	WARN_ON(delayed_work_pending(&dwork));
	WARN_ON(runs < 2);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
