// kloom: --bound 0 --for 1s
// expect: hang
/* Two wait, one complete(): complete_all() was meant. */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *threads[2];
static DECLARE_COMPLETION(done);

static int run(void *data)
{
	wait_for_completion(&done);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	threads[0] = kthread_run(run, NULL, "waiter/0");
	threads[1] = kthread_run(run, NULL, "waiter/1");
	complete(&done);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(threads[0]);
	kthread_stop(threads[1]);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
