// kloom: --bound 0 --for 1s
// expect: lock-order
/* A lock that code of a softirq takes is held with softirqs on. */
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);

static int __init start(void)
{
	local_bh_disable();
	local_irq_disable();
	lockdep_softirq_enter();
	spin_lock(&lock);
	spin_unlock(&lock);
	lockdep_softirq_exit();
	local_irq_enable();
	local_bh_enable();

	spin_lock(&lock);
	spin_unlock(&lock);
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
