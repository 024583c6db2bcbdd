// kloom: --bound 0 --for 1s --irq 5
/* Interrupts are off as long as the lock is held that the handler takes too. */
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#define LINE 5

static DEFINE_SPINLOCK(lock);
static int events;

static irqreturn_t count(int irq, void *dev)
{
	spin_lock(&lock);
	events++;
	spin_unlock(&lock);
	return IRQ_HANDLED;
}

static int __init start(void)
{
	int ret = request_irq(LINE, count, 0, "counter", &events);

	if (ret)
		return ret;
	local_irq_disable();
	spin_lock(&lock);
	events = 0;
	spin_unlock(&lock);
	local_irq_enable();
	return 0;
}

static void __exit stop(void)
{
	free_irq(LINE, &events);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
