// kloom: --bound 1
// Work that waits cannot be queued again. Its function sees what was written before queuing, in a bound worker.
#include <linux/bug.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/workqueue.h>

static int argument, sum, runs;

static void add(struct work_struct *work)
{
	WARN_ON(current_work() != work || !in_task());
	WARN_ON(strncmp(current->comm, "kworker/", 8));
	sum += argument;
	runs++;
}

static DECLARE_WORK(work, add);

static int __init example_init(void)
{
	argument = 7;
	preempt_disable();
	WARN_ON(!queue_work_on(smp_processor_id(), system_wq, &work));
	WARN_ON(!work_pending(&work));
	WARN_ON(schedule_work(&work));
	preempt_enable();
	WARN_ON(!flush_work(&work) && runs != 1);
	WARN_ON(flush_work(&work));
	return 0;
}

static void __exit example_exit(void)
{
	WARN_ON(cancel_work_sync(&work));
	WARN_ON(sum != 7 || runs != 1);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
