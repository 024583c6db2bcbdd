// kloom:
// expect: soft-lockup
// A loop that never ends, with interrupts off.
#include <linux/irqflags.h>
#include <linux/kthread.h>
#include <linux/module.h>

static int done;
static int rounds;
static struct task_struct *thread;

static int worker(void *data)
{
	unsigned long flags;

	local_irq_save(flags);
	while (!READ_ONCE(done))
		rounds++;
	local_irq_restore(flags);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
