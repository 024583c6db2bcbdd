// kloom: --bound 1 --for 1s
/* Two readers and a writer of a pair: nobody sees half of an update. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static struct task_struct *reader, *writer;
static DEFINE_RWLOCK(lock);
static int first, second;

static void read_pair_once(void)
{
	read_lock(&lock);
	WARN_ON(first != second);
	read_unlock(&lock);
}

static int read_pair(void *data)
{
	read_pair_once();
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int write_pair(void *data)
{
	write_lock(&lock);
	first++;
	second++;
	write_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	reader = kthread_run(read_pair, NULL, "reader");
	writer = kthread_run(write_pair, NULL, "writer");
	read_pair_once();
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(reader);
	kthread_stop(writer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
