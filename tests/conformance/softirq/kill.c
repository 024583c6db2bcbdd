// SPDX-License-Identifier: MIT
// conformance: tasklet_kill lets a scheduled tasklet run first, and the tasklet can be used again afterwards
#include <linux/interrupt.h>
#include <linux/module.h>

static int runs;

static void run_tasklet(struct tasklet_struct *tasklet)
{
	runs++;
	if (runs == 3)
		tasklet_schedule(tasklet);
}

static DECLARE_TASKLET(tasklet, run_tasklet);

static int __init kill_init(void)
{
	tasklet_kill(&tasklet);
	pr_info("killed while idle: runs %d\n", runs);
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
	pr_info("killed when scheduled: runs %d, state %lx\n", runs, tasklet.state);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	pr_info("scheduled again: runs %d\n", runs);
	tasklet_schedule(&tasklet);
	tasklet_kill(&tasklet);
	pr_info("killed when it schedules itself once: runs %d, state %lx\n", runs, tasklet.state);
	return 0;
}

static void __exit kill_exit(void)
{
}

module_init(kill_init);
module_exit(kill_exit);
MODULE_LICENSE("Dual MIT/GPL");
