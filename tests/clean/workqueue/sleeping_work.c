// kloom: --bound 0
// While one work of a CPU sleeps the next one runs; a work that is cancelled before it starts never runs.
#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/workqueue.h>

static DECLARE_COMPLETION(done);
static int finished, cancelled_runs;

static void wait_for_other(struct work_struct *work)
{
	wait_for_completion(&done);
	finished = 1;
}

static void wake_other(struct work_struct *work)
{
	complete(&done);
}

static void never(struct work_struct *work)
{
	cancelled_runs++;
}

static DECLARE_WORK(waiter, wait_for_other);
static DECLARE_WORK(waker, wake_other);
static DECLARE_DELAYED_WORK(late, never);

static long answer(void *data)
{
	return *(int *)data + smp_processor_id();
}

static int __init example_init(void)
{
	int number = 40;

	schedule_work_on(0, &waiter);
	schedule_work_on(0, &waker);
	flush_work(&waiter);
	flush_work(&waker);
	WARN_ON(finished != 1);

	schedule_delayed_work(&late, 100 * HZ);
	WARN_ON(!cancel_delayed_work(&late));
	WARN_ON(cancel_delayed_work_sync(&late));
	WARN_ON(cancelled_runs);
	WARN_ON(work_on_cpu(1, answer, &number) != 41);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
