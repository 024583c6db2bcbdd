// kloom: --for 1s
/* A completion publishes what was written before complete(). */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *worker;
static DECLARE_COMPLETION(done);
static int result;

static int work(void *data)
{
	result = 7;
	complete(&done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	worker = kthread_run(work, NULL, "worker");
	wait_for_completion(&done);
	WARN_ON(result != 7);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(worker);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
