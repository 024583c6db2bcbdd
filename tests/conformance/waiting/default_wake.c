// SPDX-License-Identifier: MIT
// conformance: default_wake_function() and wake_up_process(): 1 when the task slept in a state that is asked for, else 0
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/wait.h>

static unsigned int state;
static DECLARE_COMPLETION(go);

static int sleeps(void *unused)
{
	while (!kthread_should_stop()) {
		wait_for_completion(&go);
		if (kthread_should_stop())
			break;
		set_current_state(READ_ONCE(state));
		if (!kthread_should_stop())
			schedule();
		__set_current_state(TASK_RUNNING);
	}
	return 0;
}

/* The thread sleeps in `wanted`; waiting for the completion is TASK_UNINTERRUPTIBLE. */
static void let_sleep(struct task_struct *task, unsigned int wanted)
{
	WRITE_ONCE(state, wanted);
	complete(&go);
	while (READ_ONCE(task->__state) != wanted ||
	       completion_done(&go)) /* ends: the thread goes to sleep */
		schedule_timeout_uninterruptible(1);
	schedule_timeout_uninterruptible(2);
}

static void show(struct task_struct *task, const char *what, unsigned int slept)
{
	DECLARE_WAITQUEUE(entry, task);
	int i;
	static const struct {
		const char *name;
		unsigned int mode;
	} modes[] = {
		{"TASK_INTERRUPTIBLE", TASK_INTERRUPTIBLE},
		{"TASK_UNINTERRUPTIBLE", TASK_UNINTERRUPTIBLE},
		{"TASK_NORMAL", TASK_NORMAL},
		{"TASK_WAKEKILL", TASK_WAKEKILL},
	};

	for (i = 0; i < ARRAY_SIZE(modes); i++) {
		int result;

		let_sleep(task, slept);
		result = default_wake_function(&entry, modes[i].mode, 0, NULL);
		pr_info("%-22s mode %-22s %d\n", what, modes[i].name, result);
		if (!result)
			pr_info("%-22s wake_up_process %d\n", what, wake_up_process(task));
		while (READ_ONCE(task->__state) !=
		       TASK_UNINTERRUPTIBLE) /* ends: it waits for the completion */
			schedule_timeout_uninterruptible(1);
	}
}

static int __init default_wake_init(void)
{
	struct task_struct *task = kthread_create(sleeps, NULL, "sleeps");
	DECLARE_WAITQUEUE(self, current);

	if (IS_ERR(task))
		return PTR_ERR(task);
	pr_info("new thread: wake_up_process %d\n", wake_up_process(task));
	show(task, "interruptible", TASK_INTERRUPTIBLE);
	show(task, "killable", TASK_KILLABLE);
	show(task, "idle", TASK_IDLE);
	pr_info("running: wake_up_process %d, default_wake_function %d\n", wake_up_process(current),
		default_wake_function(&self, TASK_NORMAL, 0, NULL));
	set_current_state(TASK_INTERRUPTIBLE);
	pr_info("about to sleep: wake_up_process %d, state %x\n", wake_up_process(current),
		READ_ONCE(current->__state));
	set_current_state(TASK_UNINTERRUPTIBLE);
	pr_info("about to sleep: mode TASK_INTERRUPTIBLE %d, state %x\n",
		default_wake_function(&self, TASK_INTERRUPTIBLE, 0, NULL),
		READ_ONCE(current->__state));
	__set_current_state(TASK_RUNNING);
	complete(&go);
	pr_info("kthread_stop %d\n", kthread_stop(task));
	return 0;
}

static void __exit default_wake_exit(void)
{
}

module_init(default_wake_init);
module_exit(default_wake_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Results of waking");
