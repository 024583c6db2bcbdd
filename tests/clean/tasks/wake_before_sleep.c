// kloom: --for 1s
/* The state is set before the condition is tested, so a wake-up in between is not lost. */
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *sleeper;
static int ready;

static int wait(void *data)
{
	for (;;) {
		set_current_state(TASK_INTERRUPTIBLE);
		if (READ_ONCE(ready) || kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(HZ);
	return 0;
}

static int __init start(void)
{
	sleeper = kthread_run(wait, NULL, "sleeper");
	WRITE_ONCE(ready, 1);
	wake_up_process(sleeper);
	return 0;
}

static void __exit stop(void)
{
	kthread_stop(sleeper);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
