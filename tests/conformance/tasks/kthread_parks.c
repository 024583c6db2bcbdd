// SPDX-License-Identifier: MIT
// conformance: Parking kthreads: results, the state while parked, unpark, stop while parked, parkme without being asked
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched/task.h>

static DECLARE_COMPLETION(back);
static int turns;

static int parks(void *unused)
{
	pr_info("starts: should_park %d\n", kthread_should_park());
	kthread_parkme();
	complete(&back);
	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		if (kthread_should_park()) {
			__set_current_state(TASK_RUNNING);
			pr_info("parks: should_park %d, should_stop %d\n", kthread_should_park(),
				kthread_should_stop());
			kthread_parkme();
			pr_info("is back: should_park %d, should_stop %d, state %x\n",
				kthread_should_park(), kthread_should_stop(),
				READ_ONCE(current->__state));
			turns++;
			complete(&back);
		} else {
			schedule();
		}
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return turns;
}

static struct task_struct *start(unsigned int cpu)
{
	struct task_struct *task = kthread_create(parks, NULL, "parks");

	if (!IS_ERR(task))
		kthread_bind(task, cpu);
	return task;
}

static int __init kthread_parks_init(void)
{
	struct task_struct *task = start(2);
	int result;

	if (IS_ERR(task))
		return PTR_ERR(task);
	wake_up_process(task);
	wait_for_completion(&back);
	result = kthread_park(task);
	pr_info("kthread_park %d, state %x\n", result, READ_ONCE(task->__state));
	pr_info("wake_up_process of a parked one %d\n", wake_up_process(task));
	kthread_unpark(task);
	wait_for_completion(&back);
	kthread_unpark(task);
	pr_info("unparked twice, back %d times\n", turns);
	result = kthread_park(task);
	pr_info("kthread_park %d, state %x\n", result, READ_ONCE(task->__state));
	pr_info("stopped while parked %d\n", kthread_stop(task));

	reinit_completion(&back);
	turns = 0;
	task = start(3);
	if (IS_ERR(task))
		return PTR_ERR(task);
	result = kthread_park(task);
	pr_info("kthread_park of a new one %d, state %x\n", result, READ_ONCE(task->__state));
	kthread_unpark(task);
	wait_for_completion(&back);
	pr_info("kthread_stop %d\n", kthread_stop(task));
	return 0;
}

static void __exit kthread_parks_exit(void)
{
}

module_init(kthread_parks_init);
module_exit(kthread_parks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Parking kthreads");
