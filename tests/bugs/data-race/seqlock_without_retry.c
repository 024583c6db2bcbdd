// kloom: --bound 1 --for 1s
// expect: data-race
/* A reader looks at the pair outside of read_seqbegin() and read_seqretry(). */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seqlock.h>

static struct task_struct *writer;
static DEFINE_SEQLOCK(lock);
static u64 first, second;

static int write_pair(void *data)
{
	write_seqlock(&lock);
	first++;
	second++;
	write_sequnlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	writer = kthread_run(write_pair, NULL, "writer");
	pr_info("%llu\n", first + second);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(writer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
