// kloom:
// expect: sleep-in-atomic
// mutex_lock() with preemption off.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>

static DEFINE_MUTEX(mutex);
static int value;
static struct task_struct *thread;

static int worker(void *data)
{
	preempt_disable();
	mutex_lock(&mutex);
	value++;
	mutex_unlock(&mutex);
	preempt_enable();
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
