// SPDX-License-Identifier: MIT
// conformance: synchronize_rcu() waits for what is a reader: rcu_read_lock, _bh, _sched, preemption off, interrupts off; not for later ones
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/rcupdate.h>

#define READER_MS 30

static DECLARE_COMPLETION(inside);
static DECLARE_COMPLETION(done);
static int is_reading;

enum kind { RCU, BH, SCHED, PREEMPT_OFF, IRQS_OFF, NESTED, KINDS };

static const char *const names[] = {"rcu_read_lock",	   "rcu_read_lock_bh",
				    "rcu_read_lock_sched", "preempt_disable",
				    "local_irq_disable",   "nested, the inner one left"};

static void begin(enum kind kind)
{
	switch (kind) {
	case NESTED:
		rcu_read_lock();
		rcu_read_lock();
		rcu_read_unlock();
		break;
	case RCU:
		rcu_read_lock();
		break;
	case BH:
		rcu_read_lock_bh();
		break;
	case SCHED:
		rcu_read_lock_sched();
		break;
	case PREEMPT_OFF:
		preempt_disable();
		break;
	default:
		local_irq_disable();
	}
}

static void end(enum kind kind)
{
	switch (kind) {
	case NESTED:
	case RCU:
		rcu_read_unlock();
		break;
	case BH:
		rcu_read_unlock_bh();
		break;
	case SCHED:
		rcu_read_unlock_sched();
		break;
	case PREEMPT_OFF:
		preempt_enable();
		break;
	default:
		local_irq_enable();
	}
}

static int reads(void *argument)
{
	const enum kind kind = (long)argument;

	begin(kind);
	WRITE_ONCE(is_reading, 1);
	complete(&inside);
	mdelay(READER_MS);
	WRITE_ONCE(is_reading, 0);
	end(kind);
	complete(&done);
	return 0;
}

static int __init readers_init(void)
{
	long kind;

	for (kind = 0; kind < KINDS; kind++) {
		struct task_struct *task = kthread_create(reads, (void *)kind, "reads");

		if (IS_ERR(task))
			return PTR_ERR(task);
		kthread_bind(task, 2);
		wake_up_process(task);
		wait_for_completion(&inside);
		synchronize_rcu();
		pr_info("%s: still reading %d\n", names[kind], READ_ONCE(is_reading));
		wait_for_completion(&done);
	}
	rcu_read_lock();
	pr_info("held in a reader %d\n", rcu_read_lock_held());
	rcu_read_unlock();
	synchronize_rcu_expedited();
	pr_info("no reader: synchronize_rcu_expedited returns\n");
	return 0;
}

static void __exit readers_exit(void)
{
}

module_init(readers_init);
module_exit(readers_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("What synchronize_rcu() waits for");
