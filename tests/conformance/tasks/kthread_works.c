// SPDX-License-Identifier: MIT
// conformance: kthread workers: order, queueing twice, requeueing from the work, flush, cancel, delayed works
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/smp.h>

struct numbered {
	struct kthread_work work;
	int number;
	int runs;
};

static struct numbered works[4];
static struct kthread_delayed_work delayed;
static struct kthread_worker *worker;
static DECLARE_COMPLETION(gate);
static DECLARE_COMPLETION(at_gate);

static void runs(struct kthread_work *work)
{
	struct numbered *self = container_of(work, struct numbered, work);

	self->runs++;
	pr_info("work %d runs in \"%s\" on %d, current_work %d, preempt_count %x\n", self->number,
		current->comm, raw_smp_processor_id(), worker->current_work == work,
		preempt_count());
}

static void waits(struct kthread_work *work)
{
	complete(&at_gate);
	wait_for_completion(&gate);
	pr_info("the gate opens\n");
}

static void requeues(struct kthread_work *work)
{
	struct numbered *self = container_of(work, struct numbered, work);

	self->runs++;
	pr_info("work %d, time %d, requeued %d\n", self->number, self->runs,
		self->runs < 3 ? kthread_queue_work(worker, work) : -1);
}

static void runs_later(struct kthread_work *work)
{
	pr_info("the delayed work runs\n");
}

static DEFINE_KTHREAD_WORK(gate_work, waits);

static bool queue(int number)
{
	return kthread_queue_work(worker, &works[number].work);
}

static void close_gate(void)
{
	kthread_queue_work(worker, &gate_work);
	wait_for_completion(&at_gate);
}

static void show_order(void)
{
	close_gate();
	pr_info("queue 2: %d\n", queue(2));
	pr_info("queue 2 again: %d\n", queue(2));
	pr_info("queue 0: %d\n", queue(0));
	pr_info("queue 1: %d\n", queue(1));
	pr_info("queue 0 again: %d\n", queue(0));
	pr_info("cancel 0: %d\n", kthread_cancel_work_sync(&works[0].work));
	pr_info("cancel 0 again: %d\n", kthread_cancel_work_sync(&works[0].work));
	pr_info("cancel 3, never queued: %d\n", kthread_cancel_work_sync(&works[3].work));
	pr_info("queue 0: %d\n", queue(0));
	complete(&gate);
	kthread_flush_work(&works[0].work);
	pr_info("flushed: runs %d %d %d\n", works[0].runs, works[1].runs, works[2].runs);
	kthread_flush_work(&works[0].work);
	kthread_flush_worker(worker);
}

static void show_delayed(void)
{
	bool result;

	result = kthread_queue_delayed_work(worker, &delayed, 1000 * HZ);
	pr_info("queue_delayed %d\n", result);
	result = kthread_queue_delayed_work(worker, &delayed, 1);
	pr_info("queue_delayed again %d\n", result);
	result = kthread_cancel_delayed_work_sync(&delayed);
	pr_info("cancel_delayed %d\n", result);
	result = kthread_cancel_delayed_work_sync(&delayed);
	pr_info("cancel_delayed again %d\n", result);
	result = kthread_mod_delayed_work(worker, &delayed, 1000 * HZ);
	pr_info("mod_delayed, not queued %d\n", result);
	result = kthread_mod_delayed_work(worker, &delayed, 1);
	pr_info("mod_delayed, queued %d\n", result);
	schedule_timeout_uninterruptible(10);
	kthread_flush_worker(worker);
	result = kthread_queue_delayed_work(worker, &delayed, 0);
	kthread_flush_work(&delayed.work);
	pr_info("queue_delayed 0 %d\n", result);
}

static int __init kthread_works_init(void)
{
	int i;

	worker = kthread_create_worker_on_cpu(2, 0, "conf_worker/%d", 2);
	if (IS_ERR(worker))
		return PTR_ERR(worker);
	for (i = 0; i < 4; i++) {
		kthread_init_work(&works[i].work, runs);
		works[i].number = i;
	}
	kthread_init_delayed_work(&delayed, runs_later);
	show_order();
	works[3].work.func = requeues;
	queue(3);
	kthread_flush_worker(worker);
	kthread_flush_worker(worker);
	kthread_flush_worker(worker);
	show_delayed();
	queue(1);
	kthread_destroy_worker(worker);
	pr_info("destroyed: runs %d\n", works[1].runs);
	return 0;
}

static void __exit kthread_works_exit(void)
{
}

module_init(kthread_works_init);
module_exit(kthread_works_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("kthread workers");
