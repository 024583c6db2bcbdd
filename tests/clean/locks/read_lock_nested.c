// kloom: --bound 1 --for 1s
/* With softirqs off a reader does not queue behind a waiting writer, so it may read again. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);
static int value;
static struct task_struct *thread;

static int read_value(void)
{
	int now;

	read_lock_bh(&lock);
	now = value;
	read_unlock_bh(&lock);
	return now;
}

static int write_value(void *data)
{
	write_lock_bh(&lock);
	value = 1;
	write_unlock_bh(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int now;

	thread = kthread_run(write_value, NULL, "writer");
	read_lock_bh(&lock);
	now = read_value();
	read_unlock_bh(&lock);
	pr_info("value %d\n", now);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
