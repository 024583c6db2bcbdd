// kloom: --bound 1 --for 1s
/* A spinlock that was initialised at run time, with interrupts off. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static struct task_struct *threads[2];
static int counter;
static spinlock_t lock;

static int run(void *data)
{
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	counter++;
	spin_unlock_irqrestore(&lock, flags);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int i;

	spin_lock_init(&lock);
	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(run, NULL, "counter/%d", i);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	WARN_ON(counter != 2);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
