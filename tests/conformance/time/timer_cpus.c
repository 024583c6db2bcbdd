// SPDX-License-Identifier: MIT
// conformance: the CPU on which a timer's callback runs, and where a callback that arms its timer again finds it
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/smp.h>
#include <linux/timer.h>

static DECLARE_COMPLETION(done);
static int runs;

static void run_timer(struct timer_list *timer)
{
	pr_info("run %d on CPU %d, its flags say %u\n", runs, smp_processor_id(), timer->flags & TIMER_CPUMASK);
	runs++;
	if (runs == 2)
		mod_timer(timer, jiffies + 1);
	else
		complete(&done);
}

static struct timer_list timer;

static void arm_there(void *unused)
{
	mod_timer(&timer, jiffies + 2);
}

static int __init timer_cpus_init(void)
{
	timer_setup(&timer, run_timer, TIMER_PINNED);
	timer.expires = jiffies + 2;
	add_timer_on(&timer, 3);
	wait_for_completion(&done);
	/* Runs once more, armed by its callback. */
	smp_call_function_single(2, arm_there, NULL, 1);
	wait_for_completion(&done);
	mod_timer(&timer, jiffies + 2);
	wait_for_completion(&done);
	del_timer_sync(&timer);
	return 0;
}

static void __exit timer_cpus_exit(void)
{
}

module_init(timer_cpus_init);
module_exit(timer_cpus_exit);
MODULE_LICENSE("Dual MIT/GPL");
