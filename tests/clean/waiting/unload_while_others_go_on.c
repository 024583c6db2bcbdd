// kloom:
// The thread completes what the unload waits for.
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>

static DECLARE_COMPLETION(finished);
static struct task_struct *thread;

static int worker(void *data)
{
	complete(&finished);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init example_init(void)
{
	thread = kthread_run(worker, NULL, "worker");
	return PTR_ERR_OR_ZERO(thread);
}

static void __exit example_exit(void)
{
	wait_for_completion(&finished);
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
