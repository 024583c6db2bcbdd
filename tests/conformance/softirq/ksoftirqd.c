// SPDX-License-Identifier: MIT
// conformance: a tasklet that schedules itself for ever is left to ksoftirqd after at most ten more rounds
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/string.h>

#define RUNS 60

static int runs, runs_over_init, runs_in_thread, other_runs;
static char last_comm[TASK_COMM_LEN];
static unsigned int last_policy;

static void run_tasklet(struct tasklet_struct *tasklet)
{
	if (!strncmp(current->comm, "ksoftirqd/", 10))
		runs_in_thread++;
	else if (!strcmp(current->comm, "insmod"))
		runs_over_init++;
	else
		other_runs++;
	if (++runs < RUNS) {
		tasklet_schedule(tasklet);
		return;
	}
	strscpy(last_comm, current->comm, sizeof(last_comm));
	last_policy = current->policy;
}

static DECLARE_TASKLET(tasklet, run_tasklet);

static int __init ksoftirqd_init(void)
{
	local_bh_disable();
	tasklet_schedule(&tasklet);
	local_bh_enable();
	pr_info("at local_bh_enable: from 1 to 10 runs over init: %d, all of them: %d\n",
		runs_over_init >= 1 && runs_over_init <= 10, runs_over_init == RUNS);
	tasklet_kill(&tasklet);
	while (READ_ONCE(runs) < RUNS)
		cond_resched();
	tasklet_kill(&tasklet);
	pr_info("runs %d, the last one in %s, policy %u\n", runs, last_comm, last_policy);
	pr_info("in the thread more than half: %d\n", runs_in_thread > RUNS / 2);
	return 0;
}

static void __exit ksoftirqd_exit(void)
{
}

module_init(ksoftirqd_init);
module_exit(ksoftirqd_exit);
MODULE_LICENSE("Dual MIT/GPL");
