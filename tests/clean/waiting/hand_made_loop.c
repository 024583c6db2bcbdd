// kloom: --for 1s
/* The state is set before the condition is looked at, so no wake-up is lost. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/wait.h>

static struct task_struct *waker;
static DECLARE_WAIT_QUEUE_HEAD(queue);
static DEFINE_SPINLOCK(lock);
static bool is_ready;

static bool look(void)
{
	bool seen;

	spin_lock(&lock);
	seen = is_ready;
	spin_unlock(&lock);
	return seen;
}

static int wake(void *data)
{
	spin_lock(&lock);
	is_ready = true;
	spin_unlock(&lock);
	wake_up_interruptible(&queue);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	DEFINE_WAIT(wait);

	waker = kthread_run(wake, NULL, "waker");
	for (;;) {
		prepare_to_wait(&queue, &wait, TASK_INTERRUPTIBLE);
		if (look())
			break;
		schedule();
	}
	finish_wait(&queue, &wait);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(waker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
