// kloom:
// expect: lock-order
// A timer's softirq takes a lock that a thread holds with softirqs on.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(lock);
static int value;
static struct timer_list timer;
static struct task_struct *thread;

static void on_expiry(struct timer_list *t)
{
	spin_lock(&lock);
	value++;
	spin_unlock(&lock);
}

static int worker(void *data)
{
	spin_lock(&lock);
	value++;
	spin_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	timer_setup(&timer, on_expiry, 0);
	mod_timer(&timer, jiffies + 1);
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	kthread_stop(thread);
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
