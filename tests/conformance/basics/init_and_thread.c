// SPDX-License-Identifier: MIT
// conformance: init and exit run on the CPU of insmod and rmmod, a bound thread on its own, again and again
// drive: taskset -c 1 insmod $MODULE
// drive: taskset -c 2 rmmod $MODULE
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/smp.h>

static struct task_struct *thread;
static DECLARE_COMPLETION(three_rounds);

static int path(void *unused)
{
	int round = 0;

	while (!kthread_should_stop()) {
		if (round < 3)
			pr_info("round %d of the thread on CPU %d\n", round, smp_processor_id());
		if (++round == 3)
			complete(&three_rounds);
		msleep(4);
	}
	return round >= 3;
}

static int __init init_and_thread_init(void)
{
	pr_info("%s on CPU %d\n", __func__, raw_smp_processor_id());
	thread = kthread_create(path, NULL, "rounds");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	kthread_bind(thread, 3);
	wake_up_process(thread);
	wait_for_completion(&three_rounds);
	return 0;
}

static void __exit init_and_thread_exit(void)
{
	pr_info("the thread returned %d\n", kthread_stop(thread));
	pr_info("%s on CPU %d\n", __func__, raw_smp_processor_id());
}

module_init(init_and_thread_init);
module_exit(init_and_thread_exit);
MODULE_LICENSE("Dual MIT/GPL");
