// kloom: --bound 0 --for 1s
// expect: hang
/* The waiter holds the mutex that the waker needs. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/wait.h>

static struct task_struct *waker;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_MUTEX(lock);
static bool is_ready;

static int run(void *data)
{
	mutex_lock(&lock);
	is_ready = true;
	mutex_unlock(&lock);
	wake_up(&queue);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	mutex_lock(&lock);
	waker = kthread_run(run, NULL, "waker");
	wait_event(queue, is_ready);
	mutex_unlock(&lock);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(waker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
