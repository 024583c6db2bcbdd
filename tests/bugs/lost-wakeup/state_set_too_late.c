// kloom: --for 1s
// expect: lost-wakeup
/* A wake-up between the test of the condition and the change of the state finds the task running and is lost. */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *sleeper;
static DECLARE_COMPLETION(finished);
static int ready;

static int wait(void *data)
{
	while (!READ_ONCE(ready)) {
		current->__state = TASK_UNINTERRUPTIBLE;
		schedule();
	}
	complete(&finished);
	return 0;
}

static int __init start(void)
{
	sleeper = kthread_create(wait, NULL, "sleeper");
	get_task_struct(sleeper);
	wake_up_process(sleeper);
	WRITE_ONCE(ready, 1);
	wake_up_process(sleeper);
	return 0;
}

static void __exit stop(void)
{
	wait_for_completion(&finished);
	put_task_struct(sleeper);
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
