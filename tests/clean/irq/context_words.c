// kloom: --bound 0
// preempt_count() and the words made of it, as each context sees them.
#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/preempt.h>

static void in_tasklet(struct tasklet_struct *t)
{
	WARN_ON(in_task() || in_hardirq() || !in_serving_softirq() || !in_softirq() || !in_interrupt() || !in_atomic());
	WARN_ON(irqs_disabled());
}

static DECLARE_TASKLET(tasklet, in_tasklet);

static int __init example_init(void)
{
	WARN_ON(!in_task() || in_interrupt() || in_atomic() || !preemptible() || preempt_count());
	preempt_disable();
	WARN_ON(!in_task() || !in_atomic() || preemptible() || preempt_count() != 1);
	preempt_enable();
	local_bh_disable();
	WARN_ON(!in_task() || !in_softirq() || in_serving_softirq() || preempt_count() != SOFTIRQ_DISABLE_OFFSET);
	tasklet_schedule(&tasklet);
	WARN_ON(!(local_softirq_pending() & (1 << TASKLET_SOFTIRQ)));
	local_bh_enable();
	WARN_ON(preempt_count());
	local_irq_disable();
	WARN_ON(preemptible() || in_atomic());
	local_irq_enable();
	migrate_disable();
	WARN_ON(!preemptible());
	migrate_enable();
	return 0;
}

static void __exit example_exit(void)
{
	tasklet_kill(&tasklet);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
