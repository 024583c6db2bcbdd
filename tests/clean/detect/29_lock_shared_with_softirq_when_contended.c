// kloom:
// The thread keeps the softirq away on both of its ways.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);
static int value;
static int missed;
static struct timer_list timer;
static struct task_struct *threads[2];

static void on_expiry(struct timer_list *t)
{
	spin_lock(&lock);
	value++;
	spin_unlock(&lock);
}

static int worker(void *data)
{
	if (mutex_trylock(&mutex)) {
		spin_lock_bh(&lock);
		value++;
		spin_unlock_bh(&lock);
		mutex_unlock(&mutex);
	} else {
		spin_lock_bh(&lock);
		missed++;
		spin_unlock_bh(&lock);
	}
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	int i;

	timer_setup(&timer, on_expiry, 0);
	mod_timer(&timer, jiffies + 1);
	for (i = 0; i < 2; i++) {
		threads[i] = kthread_run(worker, NULL, "worker/%d", i);
		if (IS_ERR(threads[i]))
			return PTR_ERR(threads[i]);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
