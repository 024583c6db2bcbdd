// kloom: --bound 1
// expect: deadlock
// Two threads take two mutexes in opposite order; a timer that ticks on does not hide their
// deadlock.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/timer.h>

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static struct task_struct *first, *second;
static struct timer_list timer;

static void on_expiry(struct timer_list *t)
{
	mod_timer(t, jiffies + HZ);
}

static int first_main(void *data)
{
	mutex_lock(&a);
	mutex_lock(&b);
	mutex_unlock(&b);
	mutex_unlock(&a);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int second_main(void *data)
{
	mutex_lock(&b);
	mutex_lock(&a);
	mutex_unlock(&a);
	mutex_unlock(&b);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	timer_setup(&timer, on_expiry, 0);
	mod_timer(&timer, jiffies + HZ);
	first = kthread_run(first_main, NULL, "first");
	second = kthread_run(second_main, NULL, "second");
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(first);
	kthread_stop(second);
	del_timer_sync(&timer);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
