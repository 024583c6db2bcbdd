// SPDX-License-Identifier: MIT
// conformance: when tasklets run that are scheduled by a tasklet: itself, another one, a high one
#include <linux/interrupt.h>
#include <linux/module.h>

static void run_first(struct tasklet_struct *tasklet);
static void run_second(struct tasklet_struct *tasklet);
static void run_late(struct tasklet_struct *tasklet);
static void run_high(struct tasklet_struct *tasklet);
static void run_high_again(struct tasklet_struct *tasklet);

static DECLARE_TASKLET(first, run_first);
static DECLARE_TASKLET(second, run_second);
static DECLARE_TASKLET(late, run_late);
static DECLARE_TASKLET(high, run_high);
static DECLARE_TASKLET(high_again, run_high_again);
static int runs;

static void run_first(struct tasklet_struct *tasklet)
{
	pr_info("first, run %d\n", ++runs);
	if (runs < 3)
		tasklet_schedule(&first);
	tasklet_schedule(&late);
	tasklet_schedule(&second);
	tasklet_hi_schedule(&high);
	pr_info("first ends\n");
}

static void run_second(struct tasklet_struct *tasklet)
{
	pr_info("second\n");
}

static void run_late(struct tasklet_struct *tasklet)
{
	pr_info("late\n");
}

static void run_high(struct tasklet_struct *tasklet)
{
	pr_info("high\n");
	tasklet_hi_schedule(&high_again);
}

static void run_high_again(struct tasklet_struct *tasklet)
{
	pr_info("high again\n");
}

static int __init rounds_init(void)
{
	local_bh_disable();
	tasklet_schedule(&first);
	tasklet_schedule(&second);
	local_bh_enable();
	/* If Linux leaves the rest to ksoftirqd, this waits for it. */
	tasklet_kill(&first);
	tasklet_kill(&second);
	tasklet_kill(&high);
	tasklet_kill(&high_again);
	tasklet_kill(&late);
	return 0;
}

static void __exit rounds_exit(void)
{
}

module_init(rounds_init);
module_exit(rounds_exit);
MODULE_LICENSE("Dual MIT/GPL");
