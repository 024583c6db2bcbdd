// kloom: --bound 1 --for 1s
// expect: data-race
/* A reader gives up when a writer is at work; what it reads long after that is no longer covered by the counter. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/seqlock.h>

#define ROUNDS 2000

static struct task_struct *writer;
static seqcount_t count = SEQCNT_ZERO(count);
static int value, other;

static int write_values(void *data)
{
	write_seqcount_begin(&count);
	value++;
	write_seqcount_end(&count);
	other++;
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int read_values(void)
{
	static int places[ROUNDS];
	unsigned int start = raw_read_seqcount(&count);
	int i;

	if (!(start & 1) && value > 1 && !read_seqcount_retry(&count, start))
		return value;
	for (i = 0; i < ROUNDS; i++)
		places[i] = i;
	return other;
}

static int __init start(void)
{
	writer = kthread_run(write_values, NULL, "writer");
	pr_info("%d\n", read_values());
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(writer);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
