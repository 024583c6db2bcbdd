// SPDX-License-Identifier: MIT
// conformance: A kthread bound to the CPU of the task that wakes it waits until that task gives the CPU up
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/preempt.h>

static int has_run;
static DECLARE_COMPLETION(done);

static int runs(void *unused)
{
	WRITE_ONCE(has_run, 1);
	complete(&done);
	return 0;
}

static struct task_struct *wake(void)
{
	struct task_struct *task = kthread_create(runs, NULL, "runs");

	if (IS_ERR(task))
		return NULL;
	WRITE_ONCE(has_run, 0);
	kthread_bind(task, 1);
	wake_up_process(task);
	return task;
}

static int __init yields_init(void)
{
	pr_info("on CPU %d\n", raw_smp_processor_id());
	if (!wake())
		return -ENOMEM;
	pr_info("woken: has run %d\n", READ_ONCE(has_run));
	mdelay(10);
	pr_info("after 10 ms of running: has run %d\n", READ_ONCE(has_run));
	preempt_disable();
	preempt_enable();
	local_bh_disable();
	local_bh_enable();
	pr_info("after preempt_enable: has run %d\n", READ_ONCE(has_run));
	msleep(8);
	pr_info("after a sleep: has run %d\n", READ_ONCE(has_run));
	wait_for_completion(&done);
	if (!wake())
		return -ENOMEM;
	wait_for_completion(&done);
	pr_info("after waiting for it: has run %d\n", READ_ONCE(has_run));
	return 0;
}

static void __exit yields_exit(void)
{
}

module_init(yields_init);
module_exit(yields_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Who runs on a CPU");
