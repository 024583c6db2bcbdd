// kloom: --bound 0 --for 1s
/* Code may count as a handler's; in_irq() and lockdep's words about it agree. */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init start(void)
{
	unsigned long flags;

	local_irq_disable();
	__irq_enter();
	lockdep_hardirq_threaded();
	WARN_ON(!in_irq());
	spin_lock(&lock);
	spin_unlock(&lock);
	__irq_exit();
	local_irq_enable();
	WARN_ON(in_irq());

	local_bh_disable();
	local_irq_disable();
	lockdep_softirq_enter();
	spin_lock(&lock);
	spin_unlock(&lock);
	lockdep_softirq_exit();
	local_irq_enable();
	local_bh_enable();

	spin_lock_irqsave(&lock, flags);
	spin_unlock_irqrestore(&lock, flags);
	preempt_count_set(preempt_count());
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
