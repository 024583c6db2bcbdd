// kloom: --for 1s
/* The state changes before the condition is tested; a direct write to the field is as good as set_current_state(). */
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static struct task_struct *sleeper;
static DECLARE_COMPLETION(finished);
static int ready;

static int wait(void *data)
{
	for (;;) {
		smp_store_mb(current->__state, TASK_UNINTERRUPTIBLE);
		if (READ_ONCE(ready))
			break;
		schedule();
	}
	current->__state = TASK_RUNNING;
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
