// kloom:
// cond_resched() while no lock is held.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static int value;
static struct task_struct *thread;

static int worker(void *data)
{
	int i;

	for (i = 0; i < 10; i++) {
		spin_lock(&lock);
		value++;
		spin_unlock(&lock);
		cond_resched();
	}
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
