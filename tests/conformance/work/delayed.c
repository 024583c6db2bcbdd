// SPDX-License-Identifier: MIT
// conformance: the order of delayed work, and what queuing, modifying, flushing and cancelling it return
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/workqueue.h>

#define WORKS 3

struct numbered {
	struct delayed_work work;
	int number;
};

static struct numbered works[WORKS];
static struct delayed_work single;
static int runs;

static void run_numbered(struct work_struct *work)
{
	pr_info("work %d\n", container_of(to_delayed_work(work), struct numbered, work)->number);
}

static void run_single(struct work_struct *work)
{
	runs++;
}

static void show(const char *what, int result)
{
	pr_info("%s: %d, pending %d, timer %d, runs %d\n", what, result, delayed_work_pending(&single),
		timer_pending(&single.timer), runs);
}

static void show_returns(void)
{
	show("mod of idle", mod_delayed_work(system_wq, &single, 10000));
	show("mod of pending", mod_delayed_work(system_wq, &single, 20000));
	show("queue of pending", queue_delayed_work(system_wq, &single, 0));
	show("cancel_delayed_work", cancel_delayed_work(&single));
	show("cancel_delayed_work", cancel_delayed_work(&single));
	show("schedule", schedule_delayed_work(&single, 10000));
	show("schedule", schedule_delayed_work(&single, 0));
	flush_delayed_work(&single);
	show("flushed", 0);
	show("flush_delayed_work of idle", flush_delayed_work(&single));
	show("schedule", schedule_delayed_work(&single, 10000));
	show("cancel_delayed_work_sync", cancel_delayed_work_sync(&single));
	show("cancel_delayed_work_sync", cancel_delayed_work_sync(&single));
	show("schedule", schedule_delayed_work(&single, 10000));
	show("flush_work of the waiting", flush_work(&single.work));
	show("mod to now", mod_delayed_work(system_wq, &single, 0));
	flush_delayed_work(&single);
	show("flushed", 0);
	preempt_disable();
	show("queue without delay", queue_delayed_work_on(1, system_wq, &single, 0));
	show("mod of queued", mod_delayed_work_on(1, system_wq, &single, 10000));
	preempt_enable();
	show("cancel_delayed_work", cancel_delayed_work(&single));
}

static int __init delayed_init(void)
{
	static const unsigned long delays[WORKS] = { 12, 8, 4 };
	int index;

	for (index = 0; index < WORKS; index++) {
		INIT_DELAYED_WORK(&works[index].work, run_numbered);
		works[index].number = index;
		queue_delayed_work_on(1, system_wq, &works[index].work, delays[index]);
	}
	while (delayed_work_pending(&works[0].work))
		msleep(4);
	flush_delayed_work(&works[0].work);
	INIT_DELAYED_WORK(&single, run_single);
	show_returns();
	return 0;
}

static void __exit delayed_exit(void)
{
	cancel_delayed_work_sync(&single);
}

module_init(delayed_init);
module_exit(delayed_exit);
MODULE_LICENSE("Dual MIT/GPL");
