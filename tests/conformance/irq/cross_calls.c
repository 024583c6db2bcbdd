// SPDX-License-Identifier: MIT
// conformance: functions called on other CPUs: which ones run it, the results for wrong CPUs, one request used twice
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/smp.h>

static atomic_t calls[4];
static cpumask_t mask;

static void count(void *unused)
{
	atomic_inc(&calls[smp_processor_id()]);
}

static bool is_odd(int cpu, void *unused)
{
	return cpu % 2 != 0;
}

static void show(const char *what, int result)
{
	int cpu, counts[4];

	for (cpu = 0; cpu < 4; cpu++)
		counts[cpu] = atomic_xchg(&calls[cpu], 0);
	pr_info("%s: %d, calls %d %d %d %d\n", what, result, counts[0], counts[1], counts[2], counts[3]);
}

static int run_there(void *data)
{
	pr_info("in a task on CPU %d: atomic %d\n", raw_smp_processor_id(), !!in_atomic());
	return *(int *)data;
}

static call_single_data_t request;
static atomic_t may_end;

static void wait_to_end(void *unused)
{
	count(NULL);
	while (!atomic_read(&may_end))
		cpu_relax();
}

static void use_request(void)
{
	int result;

	INIT_CSD(&request, wait_to_end, NULL);
	pr_info("asynchronous: %d\n", smp_call_function_single_async(2, &request));
	while (!atomic_read(&calls[2]))
		cpu_relax();
	/* It belongs to the caller again as soon as its function has begun; a second call waits behind the first one. */
	pr_info("while it runs: %d\n", smp_call_function_single_async(2, &request));
	pr_info("while it waits: %d\n", smp_call_function_single_async(2, &request));
	atomic_set(&may_end, 1);
	while (atomic_read(&calls[2]) < 2)
		cpu_relax();
	result = smp_call_function_single_async(1, &request);
	show("on this CPU", result);
	show("no such CPU", smp_call_function_single_async(100, &request));
}

static int __init cross_calls_init(void)
{
	int answer = -42;

	show("on CPU 3", smp_call_function_single(3, count, NULL, 1));
	show("on this CPU", smp_call_function_single(1, count, NULL, 1));
	show("on CPU 100", smp_call_function_single(100, count, NULL, 1));
	smp_call_function(count, NULL, 1);
	show("on the others", 0);
	on_each_cpu(count, NULL, 1);
	show("on each", 0);
	on_each_cpu_cond(is_odd, count, NULL, true);
	show("on the odd ones", 0);
	cpumask_set_cpu(1, &mask);
	cpumask_set_cpu(2, &mask);
	on_each_cpu_mask(&mask, count, NULL, true);
	show("on each of a mask", 0);
	preempt_disable();
	smp_call_function_many(&mask, count, NULL, true);
	preempt_enable();
	show("on the others of a mask", 0);
	show("on any of a mask, this CPU in it", smp_call_function_any(&mask, count, NULL, 1));
	cpumask_clear_cpu(1, &mask);
	show("on any of a mask", smp_call_function_any(&mask, count, NULL, 1));
	pr_info("smp_call_on_cpu: %d\n", smp_call_on_cpu(3, run_there, &answer, false));
	pr_info("smp_call_on_cpu, no such CPU: %d\n", smp_call_on_cpu(100, run_there, &answer, false));
	use_request();
	return 0;
}

static void __exit cross_calls_exit(void)
{
}

module_init(cross_calls_init);
module_exit(cross_calls_exit);
MODULE_LICENSE("Dual MIT/GPL");
