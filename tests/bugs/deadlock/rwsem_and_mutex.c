// kloom: --bound 2 --for 1s
// expect: deadlock
/* Two tasks take a rw_semaphore and a mutex in opposite order. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

static struct task_struct *thread;
static DECLARE_RWSEM(data_lock);
static DEFINE_MUTEX(list_lock);

static int run(void *data)
{
	mutex_lock(&list_lock);
	down_read(&data_lock);
	up_read(&data_lock);
	mutex_unlock(&list_lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	thread = kthread_run(run, NULL, "other");
	down_write(&data_lock);
	mutex_lock(&list_lock);
	mutex_unlock(&list_lock);
	up_write(&data_lock);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
