// SPDX-License-Identifier: MIT
// conformance: a disabled tasklet waits until it has been enabled as often as disabled
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>

static int runs;

static void run_tasklet(struct tasklet_struct *tasklet)
{
	runs++;
}

static DECLARE_TASKLET(tasklet, run_tasklet);
static DECLARE_TASKLET_DISABLED(born_disabled, run_tasklet);

static void show(const char *when, struct tasklet_struct *which)
{
	pr_info("%s: runs %d, scheduled %d, count %d\n", when, runs, test_bit(TASKLET_STATE_SCHED, &which->state),
		atomic_read(&which->count));
}

/* Waits for a tasklet that runs in ksoftirqd. */
static void settle(struct tasklet_struct *which)
{
	int tries = 1000;

	while (test_bit(TASKLET_STATE_SCHED, &which->state) && tries-- > 0)
		usleep_range(100, 200);
}

static int __init disable_init(void)
{
	tasklet_disable(&tasklet);
	tasklet_disable_nosync(&tasklet);
	local_bh_disable();
	tasklet_schedule(&tasklet);
	tasklet_schedule(&tasklet);
	local_bh_enable();
	show("disabled twice", &tasklet);
	tasklet_enable(&tasklet);
	usleep_range(1000, 2000);
	show("enabled once", &tasklet);
	tasklet_enable(&tasklet);
	settle(&tasklet);
	show("enabled twice", &tasklet);

	tasklet_schedule(&born_disabled);
	usleep_range(1000, 2000);
	show("born disabled", &born_disabled);
	tasklet_enable(&born_disabled);
	settle(&born_disabled);
	show("enabled", &born_disabled);

	tasklet_disable_in_atomic(&tasklet);
	show("disabled while idle", &tasklet);
	tasklet_enable(&tasklet);
	usleep_range(1000, 2000);
	show("enabled without being scheduled", &tasklet);
	return 0;
}

static void __exit disable_exit(void)
{
	tasklet_kill(&tasklet);
	tasklet_kill(&born_disabled);
}

module_init(disable_init);
module_exit(disable_exit);
MODULE_LICENSE("Dual MIT/GPL");
