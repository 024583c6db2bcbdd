// SPDX-License-Identifier: MIT
// conformance: a tasklet runs on the CPU that scheduled it, the first one when two do
#include <linux/delay.h>
#include <linux/interrupt.h>
#include <linux/module.h>
#include <linux/smp.h>

static struct tasklet_struct tasklets[4];
static struct tasklet_struct shared;
static int ran_on[4];
static int shared_on, shared_runs;

static void run_tasklet(unsigned long index)
{
	ran_on[index] = smp_processor_id();
}

static void run_shared(unsigned long data)
{
	shared_on = smp_processor_id();
	shared_runs++;
}

static void schedule_here(void *index)
{
	tasklet_schedule(&tasklets[(unsigned long)index]);
}

static void schedule_shared(void *unused)
{
	tasklet_schedule(&shared);
}

static int __init cpus_init(void)
{
	unsigned long index;

	for (index = 0; index < 4; index++) {
		tasklet_init(&tasklets[index], run_tasklet, index);
		smp_call_function_single(3 - index, schedule_here, (void *)index, 1);
	}
	for (index = 0; index < 4; index++) {
		tasklet_kill(&tasklets[index]);
		pr_info("tasklet %lu, scheduled on CPU %lu, ran on CPU %d\n", index, 3 - index, ran_on[index]);
	}
	tasklet_init(&shared, run_shared, 0);
	local_bh_disable();
	tasklet_schedule(&shared);
	smp_call_function_single(2, schedule_shared, NULL, 1);
	smp_call_function_single(3, schedule_shared, NULL, 1);
	pr_info("scheduled on three CPUs: runs %d\n", shared_runs);
	local_bh_enable();
	tasklet_kill(&shared);
	pr_info("shared ran %d times, at last on CPU %d\n", shared_runs, shared_on);
	return 0;
}

static void __exit cpus_exit(void)
{
}

module_init(cpus_init);
module_exit(cpus_exit);
MODULE_LICENSE("Dual MIT/GPL");
