// SPDX-License-Identifier: MIT
// conformance: kthread_worker: the order of its work, what queuing and cancelling return, and flushing
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

#define WORKS 3

static struct kthread_worker *worker;
static struct kthread_work works[WORKS];
static struct kthread_delayed_work delayed;
static DECLARE_COMPLETION(begun);
static DECLARE_COMPLETION(may_end);

static void run_work(struct kthread_work *work)
{
	pr_info("work %d in %s\n", (int)(work - works), current->comm);
}

static void run_waiting(struct kthread_work *work)
{
	complete(&begun);
	wait_for_completion(&may_end);
}

static void run_delayed(struct kthread_work *work)
{
	pr_info("delayed work\n");
}

static int __init kthread_workers_init(void)
{
	struct kthread_work waiting;
	int index;

	worker = kthread_create_worker(0, "worker_%d", 5);
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	kthread_init_work(&waiting, run_waiting);
	pr_info("flags: kthread %d, workqueue's %d\n", !!(worker->task->flags & PF_KTHREAD),
		!!(worker->task->flags & PF_WQ_WORKER));
	kthread_queue_work(worker, &waiting);
	wait_for_completion(&begun);
	for (index = 0; index < WORKS; index++) {
		kthread_init_work(&works[index], run_work);
		pr_info("queue %d: %d\n", index, kthread_queue_work(worker, &works[index]));
	}
	pr_info("queue 0 again: %d\n", kthread_queue_work(worker, &works[0]));
	pr_info("cancel 1: %d\n", kthread_cancel_work_sync(&works[1]));
	pr_info("cancel 1: %d\n", kthread_cancel_work_sync(&works[1]));
	complete(&may_end);
	kthread_flush_work(&works[2]);
	pr_info("work 2 flushed\n");
	pr_info("queue 1: %d\n", kthread_queue_work(worker, &works[1]));
	kthread_flush_worker(worker);
	pr_info("worker flushed\n");

	kthread_init_delayed_work(&delayed, run_delayed);
	pr_info("mod of idle: %d\n", kthread_mod_delayed_work(worker, &delayed, 10000));
	pr_info("mod of pending: %d\n", kthread_mod_delayed_work(worker, &delayed, 20000));
	pr_info("queue of pending: %d\n", kthread_queue_delayed_work(worker, &delayed, 1));
	pr_info("cancel: %d\n", kthread_cancel_delayed_work_sync(&delayed));
	pr_info("cancel: %d\n", kthread_cancel_delayed_work_sync(&delayed));
	pr_info("queue: %d\n", kthread_queue_delayed_work(worker, &delayed, 0));
	kthread_flush_worker(worker);
	kthread_destroy_worker(worker);
	return 0;
}

static void __exit kthread_workers_exit(void)
{
}

module_init(kthread_workers_init);
module_exit(kthread_workers_exit);
MODULE_LICENSE("Dual MIT/GPL");
