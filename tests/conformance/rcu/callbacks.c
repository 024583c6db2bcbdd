// SPDX-License-Identifier: MIT
// conformance: call_rcu(): order and context of callbacks of one CPU, rcu_barrier(), a callback that queues another
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/smp.h>

struct item {
	struct rcu_head rcu;
	int number;
};

static struct item items[5];
static struct item again;
static atomic_t ran;

static void callback(struct rcu_head *head)
{
	struct item *item = container_of(head, struct item, rcu);

	atomic_inc(&ran);
	pr_info("callback %d: softirq %d, serving %d, task %d, interrupts off %d, preempt_count "
		"without preemption %x, on the queueing CPU %d\n",
		item->number, in_softirq() != 0, in_serving_softirq() != 0, in_task(),
		irqs_disabled(), preempt_count() & ~PREEMPT_MASK, raw_smp_processor_id() == 1);
}

static void last(struct rcu_head *head)
{
	pr_info("the callback that was queued by a callback\n");
	atomic_inc(&ran);
}

static void queues(struct rcu_head *head)
{
	pr_info("callback queues another\n");
	atomic_inc(&ran);
	call_rcu(&again.rcu, last);
}

static int __init callbacks_init(void)
{
	int i;

	rcu_read_lock();
	for (i = 0; i < 3; i++) {
		items[i].number = i;
		call_rcu(&items[i].rcu, callback);
	}
	pr_info("in a reader: ran %d\n", atomic_read(&ran));
	rcu_read_unlock();
	rcu_barrier();
	pr_info("rcu_barrier: ran %d\n", atomic_read(&ran));
	call_rcu(&items[3].rcu, queues);
	rcu_barrier();
	pr_info("rcu_barrier: ran at least one %d\n", atomic_read(&ran) >= 4);
	rcu_barrier();
	pr_info("rcu_barrier again: ran %d\n", atomic_read(&ran));
	items[4].number = 4;
	call_rcu(&items[4].rcu, callback);
	rcu_barrier();
	rcu_barrier();
	pr_info("the end: ran %d\n", atomic_read(&ran));
	return 0;
}

static void __exit callbacks_exit(void)
{
}

module_init(callbacks_init);
module_exit(callbacks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("RCU callbacks");
