// kloom: --for 1s
/* The flag is a plain variable: the wait queue orders what was written before it. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/wait.h>

static struct task_struct *waker;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static int message;
static bool is_there;

static int send(void *data)
{
	message = 42;
	is_there = true;
	wake_up(&queue);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	waker = kthread_run(send, NULL, "waker");
	wait_event(queue, is_there);
	WARN_ON(message != 42);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(waker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
