// kloom:
// expect: soft-lockup
// A loop that never ends, with preemption off.
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>

static int done;
static int rounds;
static struct task_struct *thread;

static int worker(void *data)
{
	preempt_disable();
	while (!READ_ONCE(done))
		rounds++;
	preempt_enable();
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
	kthread_stop(thread);
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
