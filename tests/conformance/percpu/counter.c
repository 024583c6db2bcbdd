// SPDX-License-Identifier: MIT
// conformance: percpu_counter: what is read, summed and compared below and above the batch
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu_counter.h>
#include <linux/smp.h>

static struct percpu_counter counter;

static void print(const char *what)
{
	pr_info("%s: read %lld positive %lld sum %lld sum_positive %lld\n", what,
		percpu_counter_read(&counter), percpu_counter_read_positive(&counter),
		percpu_counter_sum(&counter), percpu_counter_sum_positive(&counter));
}

static void add_here(void *amount)
{
	percpu_counter_add_batch(&counter, (long)amount, 10);
}

static void add_on(int cpu, long amount)
{
	smp_call_function_single(cpu, add_here, (void *)amount, 1);
}

static void compare(s64 with, s32 batch)
{
	pr_info("compare with %lld, batch %d: %d\n", with, batch,
		__percpu_counter_compare(&counter, with, batch));
}

static int __init counter_init(void)
{
	int cpu, error = percpu_counter_init(&counter, 100, GFP_KERNEL);

	if (error)
		return error;
	pr_info("initialized: %d\n", percpu_counter_initialized(&counter));
	print("init 100");
	pr_info("batch: %d\n", percpu_counter_batch);
	for_each_online_cpu(cpu) add_on(cpu, 9);
	print("9 on each");
	add_on(2, 1);
	print("1 more on 2");
	add_on(3, -19);
	print("-19 on 3");
	add_on(3, 5);
	add_on(3, -14);
	print("5 and -14 on 3");
	add_on(0, 1000);
	print("1000 on 0");
	compare(1100, 10);
	compare(1109, 10);
	compare(1095, 1);
	compare(2000, 10);
	compare(-5, 10);
	pr_info("default batch: %d %d %d\n", percpu_counter_compare(&counter, 0),
		percpu_counter_compare(&counter, percpu_counter_sum(&counter)),
		percpu_counter_compare(&counter, 5000));
	percpu_counter_set(&counter, -7);
	print("set -7");
	percpu_counter_inc(&counter);
	percpu_counter_sub(&counter, 3);
	percpu_counter_dec(&counter);
	print("inc, sub 3, dec");
	percpu_counter_add_local(&counter, 100000);
	print("local 100000");
	percpu_counter_sub_local(&counter, 50000);
	print("local -50000");
	percpu_counter_add(&counter, 1LL << 40);
	print("1 << 40");
	percpu_counter_sync(&counter);
	print("sync");
	percpu_counter_destroy(&counter);
	pr_info("initialized: %d\n", percpu_counter_initialized(&counter));
	percpu_counter_destroy(&counter);
	return 0;
}

static void __exit counter_exit(void)
{
}

module_init(counter_init);
module_exit(counter_exit);
MODULE_LICENSE("Dual MIT/GPL");
