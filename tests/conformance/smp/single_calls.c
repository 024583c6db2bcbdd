// SPDX-License-Identifier: MIT
// conformance: smp_call_function_single() and its kin: contexts, order with waiting and without, an asynchronous call that is still queued
// drive: taskset -c 1 insmod $MODULE; rmmod $MODULE
// unordered: ^call \S+ for odd ones | two CPUs run it at the same time
// open: call \d+ for odd -> call N for odd | two CPUs run it at the same time
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/smp.h>

static DECLARE_COMPLETION(done);
static int calls;

static void show(void *info)
{
	pr_info("call %d for %s: CPU %d, hardirq %d, irqs off %d, atomic %d\n", ++calls, (char *)info, smp_processor_id(),
		!!in_hardirq(), !!irqs_disabled(), !!in_atomic());
}

static void show_and_complete(void *info)
{
	show(info);
	complete(&done);
}

static bool is_odd(int cpu, void *info)
{
	return cpu & 1;
}

static call_single_data_t data;

static int __init single_calls_init(void)
{
	int error;

	pr_info("another CPU, waiting: %d\n", smp_call_function_single(3, show, "waiting", true));
	preempt_disable();
	pr_info("this CPU: %d\n", smp_call_function_single(smp_processor_id(), show, "itself", false));
	preempt_enable();
	error = smp_call_function_single(2, show_and_complete, "nobody", false);
	wait_for_completion(&done);
	pr_info("another CPU, not waiting: %d\n", error);
	pr_info("negative CPU: %d, beyond all: %d\n", smp_call_function_single(-1, show, "none", true),
		smp_call_function_single(nr_cpu_ids, show, "none", true));
	INIT_CSD(&data, show_and_complete, "csd");
	error = smp_call_function_single_async(0, &data);
	wait_for_completion(&done);
	pr_info("asynchronous: %d\n", error);
	on_each_cpu_cond(is_odd, show, "odd ones", true);
	pr_info("any of a mask: %d\n", smp_call_function_any(cpumask_of(2), show, "any", true));
	pr_info("calls %d\n", calls);
	return 0;
}

static void __exit single_calls_exit(void)
{
}

module_init(single_calls_init);
module_exit(single_calls_exit);
MODULE_LICENSE("Dual MIT/GPL");
