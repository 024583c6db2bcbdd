// kloom: --bound 1 --for 1s
/* One slot between a producer and a consumer, each waiting for the other. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

enum { ITEMS = 3 };

static struct task_struct *producer, *consumer;
static DECLARE_WAIT_QUEUE_HEAD(not_empty);
static DECLARE_WAIT_QUEUE_HEAD(not_full);
static DEFINE_SPINLOCK(lock);
static int slot;
static bool is_full;
static int sum;

static bool put(int value)
{
	bool has_room;

	spin_lock(&lock);
	has_room = !is_full;
	if (has_room) {
		slot = value;
		is_full = true;
	}
	spin_unlock(&lock);
	return has_room;
}

static bool get(int *value)
{
	bool has_item;

	spin_lock(&lock);
	has_item = is_full;
	if (has_item) {
		*value = slot;
		is_full = false;
	}
	spin_unlock(&lock);
	return has_item;
}

static int produce(void *data)
{
	int i;

	for (i = 1; i <= ITEMS; i++) {
		wait_event(not_full, put(i));
		wake_up(&not_empty);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int consume(void *data)
{
	int i, value;

	for (i = 1; i <= ITEMS; i++) {
		wait_event(not_empty, get(&value));
		sum += value;
		wake_up(&not_full);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	producer = kthread_run(produce, NULL, "producer");
	consumer = kthread_run(consume, NULL, "consumer");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(producer);
	kthread_stop(consumer);
	WARN_ON(sum != 6);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
