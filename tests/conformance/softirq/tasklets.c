// SPDX-License-Identifier: MIT
// conformance: the order of tasklets, scheduling one twice, and its state bits at each moment
#include <linux/interrupt.h>
#include <linux/module.h>

static void run_callback(struct tasklet_struct *tasklet);

static struct tasklet_struct first, third;
static DECLARE_TASKLET(second, run_callback);

static void show_state(const char *when, struct tasklet_struct *tasklet)
{
	pr_info("%s: scheduled %d, running %d, count %d\n", when, test_bit(TASKLET_STATE_SCHED, &tasklet->state),
		test_bit(TASKLET_STATE_RUN, &tasklet->state), atomic_read(&tasklet->count));
}

static void run_callback(struct tasklet_struct *tasklet)
{
	pr_info("tasklet %s\n", tasklet == &first ? "first" : "second");
	show_state("while it runs", tasklet);
}

static void run_function(unsigned long data)
{
	pr_info("tasklet with data %lu\n", data);
}

static int __init tasklets_init(void)
{
	tasklet_setup(&first, run_callback);
	tasklet_init(&third, run_function, 42);
	show_state("set up", &first);

	local_bh_disable();
	tasklet_schedule(&first);
	tasklet_schedule(&second);
	tasklet_schedule(&first);
	tasklet_schedule(&third);
	tasklet_schedule(&second);
	show_state("scheduled", &first);
	local_bh_enable();
	show_state("has run", &first);

	pr_info("high ones\n");
	local_bh_disable();
	tasklet_schedule(&third);
	tasklet_hi_schedule(&second);
	tasklet_hi_schedule(&first);
	tasklet_hi_schedule(&third);
	local_bh_enable();

	pr_info("try the lock: %d\n", tasklet_trylock(&first));
	pr_info("again: %d\n", tasklet_trylock(&first));
	show_state("locked", &first);
	tasklet_unlock(&first);
	show_state("unlocked", &first);
	return 0;
}

static void __exit tasklets_exit(void)
{
	tasklet_kill(&first);
	tasklet_kill(&second);
	tasklet_kill(&third);
	show_state("killed", &first);
}

module_init(tasklets_init);
module_exit(tasklets_exit);
MODULE_LICENSE("Dual MIT/GPL");
