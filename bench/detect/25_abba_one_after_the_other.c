// kloom:
// expect: lock-order
// Two threads take two mutexes in opposite order, the second long after the first.
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>

static DEFINE_MUTEX(a);
static DEFINE_MUTEX(b);
static struct task_struct *first;
static struct task_struct *second;

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
	msleep(100);
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
	first = kthread_run(first_main, NULL, "first");
	if (IS_ERR(first))
		return PTR_ERR(first);
	second = kthread_run(second_main, NULL, "second");
	if (IS_ERR(second)) {
		kthread_stop(first);
		return PTR_ERR(second);
	}
	return 0;
}

static void __exit example_exit(void)
{
	kthread_stop(first);
	kthread_stop(second);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
