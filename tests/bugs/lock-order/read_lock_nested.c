// kloom: --bound 0 --for 1s
// expect: lock-order
/* A writer that comes between the two waits for the first reader, and the second for it. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);
static int table[4];
static struct task_struct *thread;

static int sum(void)
{
	int i, total = 0;

	read_lock(&lock);
	for (i = 0; i < 4; i++)
		total += table[i];
	read_unlock(&lock);
	return total;
}

static int fill(void *data)
{
	write_lock(&lock);
	table[0]++;
	write_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int average;

	thread = kthread_run(fill, NULL, "writer");
	read_lock(&lock);
	average = sum() / 4;
	read_unlock(&lock);
	pr_info("average %d\n", average);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(thread);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
