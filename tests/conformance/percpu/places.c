// SPDX-License-Identifier: MIT
// conformance: per-CPU arrays, struct members and dynamic memory through every way of access, and preempt_count meanwhile
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/smp.h>

struct sample {
	u8 kind;
	u16 parts[3];
	struct {
		u32 count;
		u64 sum;
	} total;
};

static DEFINE_PER_CPU(int, initialised) = 42;
static DEFINE_PER_CPU(int[4], table);
static DEFINE_PER_CPU(int, numbers[3]) = {1, 2, 3};
static DEFINE_PER_CPU(struct sample,
		      sample) = {.kind = 9, .parts = {1, 2, 3}, .total.sum = 1ULL << 40};
DEFINE_PER_CPU(long, places_exported) = -1;
EXPORT_PER_CPU_SYMBOL(places_exported);

static void print_initial_values(void)
{
	int cpu;

	for_each_possible_cpu(cpu) pr_info(
		"cpu %d: %d, {%d %d %d}, kind %d parts %d %d %d sum %llu, exported %ld\n", cpu,
		per_cpu(initialised, cpu), per_cpu(numbers, cpu)[0], per_cpu(numbers[1], cpu),
		per_cpu(numbers, cpu)[2], per_cpu(sample, cpu).kind, per_cpu(sample.parts[0], cpu),
		per_cpu(sample, cpu).parts[1], per_cpu_ptr(&sample, cpu)->parts[2],
		per_cpu(sample.total.sum, cpu), *per_cpu_ptr(&places_exported, cpu));
}

static void change_own_copy(int base)
{
	int(*own)[4];
	int counts[5];

	counts[0] = preempt_count() - base;
	get_cpu_var(initialised)++;
	counts[1] = preempt_count() - base;
	own = &get_cpu_var(table);
	counts[2] = preempt_count() - base;
	(*own)[3] = 33;
	put_cpu_var(table);
	counts[3] = preempt_count() - base;
	put_cpu_var(initialised);
	counts[4] = preempt_count() - base;
	pr_info("preempt_count: %d %d %d %d %d\n", counts[0], counts[1], counts[2], counts[3],
		counts[4]);

	preempt_disable();
	this_cpu_add(table[1], 11);
	__this_cpu_inc(numbers[2]);
	raw_cpu_write(sample.total.count, 77);
	this_cpu_sub(sample.parts[2], 5);
	this_cpu_ptr(&sample)->kind++;
	raw_cpu_ptr(&sample)->total.sum--;
	(*this_cpu_ptr(&table))[0] = -1;
	pr_info("the same object: %d %d %d\n",
		this_cpu_ptr(&sample) == per_cpu_ptr(&sample, smp_processor_id()),
		raw_cpu_ptr(&sample.total.count) == &this_cpu_ptr(&sample)->total.count,
		&per_cpu(table, smp_processor_id())[2] == this_cpu_ptr(&table[2]));
	preempt_enable();
}

static void print_all(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		pr_info("cpu %d: %d, {%d %d %d %d}, %d, kind %d part %d count %u sum %llu\n", cpu,
			per_cpu(initialised, cpu), per_cpu(table, cpu)[0], per_cpu(table, cpu)[1],
			per_cpu(table, cpu)[2], per_cpu(table, cpu)[3], per_cpu(numbers[2], cpu),
			per_cpu(sample, cpu).kind, per_cpu(sample, cpu).parts[2],
			per_cpu(sample, cpu).total.count, per_cpu(sample, cpu).total.sum);
}

static int use_dynamic_memory(int base)
{
	struct sample __percpu *dynamic = alloc_percpu(struct sample);
	struct sample *own;
	int cpu;

	if (!dynamic)
		return -ENOMEM;
	own = get_cpu_ptr(dynamic);
	own->kind = 4;
	pr_info("get_cpu_ptr: preempt_count %d, own copy %d\n", preempt_count() - base,
		own == per_cpu_ptr(dynamic, smp_processor_id()));
	put_cpu_ptr(dynamic);
	this_cpu_add(dynamic->total.sum, 1000);
	this_cpu_or(dynamic->parts[1], 0x8000);
	for_each_possible_cpu(cpu) per_cpu_ptr(dynamic, cpu)->total.count = cpu * cpu;
	for_each_possible_cpu(cpu) pr_info(
		"dynamic %d: kind %d part %#x count %u sum %llu\n", cpu,
		per_cpu_ptr(dynamic, cpu)->kind, per_cpu_ptr(dynamic, cpu)->parts[1],
		per_cpu_ptr(dynamic, cpu)->total.count, per_cpu_ptr(dynamic, cpu)->total.sum);
	free_percpu(dynamic);
	free_percpu(NULL);
	return 0;
}

static int __init places_init(void)
{
	int base = preempt_count();

	print_initial_values();
	change_own_copy(base);
	print_all();
	return use_dynamic_memory(base);
}

static void __exit places_exit(void)
{
}

module_init(places_init);
module_exit(places_exit);
MODULE_LICENSE("Dual MIT/GPL");
