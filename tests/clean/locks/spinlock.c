// kloom: --bound 1 --for 1s
/* A counter under a spinlock loses nothing. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

static struct task_struct *threads[2];
static int counter;
static DEFINE_SPINLOCK(lock);

static int run(void *data)
{
	spin_lock(&lock);
	counter++;
	spin_unlock(&lock);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	int i;

	for (i = 0; i < 2; i++)
		threads[i] = kthread_run(run, NULL, "counter/%d", i);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
	WARN_ON(counter != 2);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
