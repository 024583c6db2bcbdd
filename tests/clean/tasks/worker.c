// kloom: --for 1s
/* Works of a kthread_worker run one after the other in the order of queueing; flushing waits for them. */
#include <linux/kthread.h>
#include <linux/module.h>

static struct kthread_worker *worker;
static int order[3], done;

static void first(struct kthread_work *work)
{
	order[done++] = 1;
}

static void second(struct kthread_work *work)
{
	order[done++] = 2;
}

static DEFINE_KTHREAD_WORK(first_work, first);
static DEFINE_KTHREAD_WORK(second_work, second);
static struct kthread_delayed_work late;

static int __init start(void)
{
	worker = kthread_create_worker(0, "worker");
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	kthread_init_delayed_work(&late, first);
	WARN_ON(!kthread_queue_work(worker, &first_work));
	kthread_queue_work(worker, &second_work);
	kthread_flush_worker(worker);
	WARN_ON(done != 2 || order[0] != 1 || order[1] != 2);
	kthread_queue_delayed_work(worker, &late, HZ / 10);
	return 0;
}

static void __exit stop(void)
{
	kthread_cancel_delayed_work_sync(&late);
	WARN_ON(done != 2 && done != 3);
	kthread_destroy_worker(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
