// kloom: --bound 0 --for 1s
// expect: unlock-not-owner
/* The mutex is locked by one task and unlocked by another. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

static struct task_struct *thread;
static DEFINE_MUTEX(lock);

static int run(void *data)
{
	mutex_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	mutex_lock(&lock);
	thread = kthread_run(run, NULL, "stranger");
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
