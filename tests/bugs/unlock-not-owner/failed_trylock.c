// kloom: --bound 1 --for 1s
// expect: unlock-not-owner
/* Who did not get the lock unlocks it all the same. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

static struct task_struct *thread;
static DEFINE_MUTEX(lock);

static int run(void *data)
{
	mutex_trylock(&lock);
	mutex_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	thread = kthread_run(run, NULL, "trier");
	mutex_lock(&lock);
	mutex_unlock(&lock);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
