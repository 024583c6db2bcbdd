// kloom: --irq 19
// The thread keeps the tasklet away while it holds the lock.
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/spinlock.h>

#define LINE 19

static DEFINE_SPINLOCK(lock);
static int value;
static int cookie;
static struct task_struct *thread;

static void on_tasklet(struct tasklet_struct *t)
{
	spin_lock(&lock);
	value++;
	spin_unlock(&lock);
}

static DECLARE_TASKLET(tasklet, on_tasklet);

static irqreturn_t on_interrupt(int irq, void *device)
{
	tasklet_schedule(&tasklet);
	return IRQ_HANDLED;
}

static int worker(void *data)
{
	spin_lock_bh(&lock);
	value++;
	spin_unlock_bh(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	int err = request_irq(LINE, on_interrupt, IRQF_SHARED, "example", &cookie);

	if (err)
		return err;
	thread = kthread_run(worker, NULL, "worker");
	if (IS_ERR(thread)) {
		free_irq(LINE, &cookie);
		return PTR_ERR(thread);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
	free_irq(LINE, &cookie);
	tasklet_kill(&tasklet);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
