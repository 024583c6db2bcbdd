// kloom: --bound 1 --for 1s
/* Readers of a seqlock retry until they have seen both halves of an update. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seqlock.h>

struct pair {
	u64 first;
	u64 second;
};

static struct task_struct *reader, *writer;
static DEFINE_SEQLOCK(lock);
static struct pair shared;

static int read_pair(void *data)
{
	struct pair copy;
	unsigned int sequence;

	do {
		sequence = read_seqbegin(&lock);
		copy = shared;
	} while (read_seqretry(&lock, sequence));
	WARN_ON(copy.first != copy.second);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int write_pair(void *data)
{
	write_seqlock(&lock);
	shared.first++;
	shared.second++;
	write_sequnlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	reader = kthread_run(read_pair, NULL, "reader");
	writer = kthread_run(write_pair, NULL, "writer");
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
