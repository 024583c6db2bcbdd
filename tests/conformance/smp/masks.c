// SPDX-License-Identifier: MIT
// conformance: Functions on CPU masks: searches at both ends, set operations and their results, printing
#include <linux/cpumask.h>
#include <linux/module.h>
#include <linux/slab.h>

static cpumask_var_t empty, full, even, other, result;

#define SHOW(call) pr_info("%-42s %ld\n", #call, (long)(call))
#define SHOW_MASK(call)                                                                            \
	do {                                                                                       \
		long value = (call);                                                               \
		pr_info("%-42s %ld, result \"%*pbl\" %*pb\n", #call, value,                        \
			cpumask_pr_args(result), cpumask_pr_args(result));                         \
	} while (0)

static void show_searches(void)
{
	pr_info("nr_cpu_ids %u, online \"%*pbl\", size %zu\n", nr_cpu_ids,
		cpumask_pr_args(cpu_online_mask), (size_t)cpumask_size());
	SHOW(cpumask_first(empty));
	SHOW(cpumask_first(even));
	SHOW(cpumask_last(even));
	SHOW(cpumask_last(full));
	SHOW(cpumask_first_zero(full));
	SHOW(cpumask_first_zero(even));
	SHOW(cpumask_next(-1, even));
	SHOW(cpumask_next(0, even));
	SHOW(cpumask_next(2, even));
	SHOW(cpumask_next(3, full));
	SHOW(cpumask_next_zero(0, even));
	SHOW(cpumask_next_zero(1, even));
	SHOW(cpumask_next_zero(3, even));
	SHOW(cpumask_next_and(0, even, full));
	SHOW(cpumask_next_and(-1, even, other));
	SHOW(cpumask_first_and(even, full));
	SHOW(cpumask_first_and(even, other));
	SHOW(cpumask_any_but(even, 0));
	SHOW(cpumask_any_but(even, 2));
	SHOW(cpumask_any_but(cpumask_of(3), 3));
	SHOW(cpumask_any_but(empty, 1));
}

static void show_questions(void)
{
	SHOW(cpumask_weight(even));
	SHOW(cpumask_weight(full));
	SHOW(cpumask_empty(empty));
	SHOW(cpumask_empty(even));
	SHOW(cpumask_full(full));
	SHOW(cpumask_full(even));
	SHOW(cpumask_equal(even, even));
	SHOW(cpumask_equal(even, other));
	SHOW(cpumask_subset(even, full));
	SHOW(cpumask_subset(full, even));
	SHOW(cpumask_subset(empty, even));
	SHOW(cpumask_intersects(even, other));
	SHOW(cpumask_intersects(even, full));
	SHOW(cpumask_test_cpu(2, even));
	SHOW(cpumask_test_cpu(3, even));
	SHOW(cpumask_equal(full, cpu_possible_mask));
	SHOW(cpumask_equal(full, cpu_all_mask));
}

static void show_operations(void)
{
	SHOW_MASK(cpumask_and(result, even, full));
	SHOW_MASK(cpumask_and(result, even, other));
	SHOW_MASK(cpumask_andnot(result, full, even));
	SHOW_MASK(cpumask_andnot(result, even, full));
	SHOW_MASK((cpumask_or(result, even, other), 0));
	SHOW_MASK((cpumask_xor(result, full, even), 0));
	SHOW_MASK((cpumask_complement(result, even), 0));
	SHOW_MASK((cpumask_shift_left(result, even, 1), 0));
	SHOW_MASK((cpumask_shift_right(result, even, 1), 0));
	SHOW_MASK((cpumask_clear(result), 0));
	SHOW_MASK(cpumask_test_and_set_cpu(3, result));
	SHOW_MASK(cpumask_test_and_set_cpu(3, result));
	SHOW_MASK(cpumask_test_and_clear_cpu(3, result));
	SHOW_MASK(cpumask_test_and_clear_cpu(3, result));
	SHOW_MASK((cpumask_copy(result, cpumask_of(2)), 0));
	SHOW_MASK((cpumask_setall(result), 0));
	SHOW_MASK((cpumask_clear_cpu(1, result), 0));
}

static void show_loops(void)
{
	char text[64] = "";
	int length = 0;
	int cpu;

	for_each_cpu(cpu, even) length +=
		scnprintf(text + length, sizeof(text) - length, " %d", cpu);
	length += scnprintf(text + length, sizeof(text) - length, " after %d,", cpu);
	for_each_cpu_and(cpu, full, other) length +=
		scnprintf(text + length, sizeof(text) - length, " %d", cpu);
	length += scnprintf(text + length, sizeof(text) - length, ", wrap");
	for_each_cpu_wrap(cpu, full, 2) length +=
		scnprintf(text + length, sizeof(text) - length, " %d", cpu);
	length += scnprintf(text + length, sizeof(text) - length, ", wrap");
	for_each_cpu_wrap(cpu, even, 3) length +=
		scnprintf(text + length, sizeof(text) - length, " %d", cpu);
	pr_info("loops:%s\n", text);
}

static int __init masks_init(void)
{
	char *page = (char *)get_zeroed_page(GFP_KERNEL);

	zalloc_cpumask_var(&empty, GFP_KERNEL);
	zalloc_cpumask_var(&full, GFP_KERNEL);
	zalloc_cpumask_var(&even, GFP_KERNEL);
	zalloc_cpumask_var(&other, GFP_KERNEL);
	zalloc_cpumask_var(&result, GFP_KERNEL);
	cpumask_setall(full);
	cpumask_set_cpu(0, even);
	cpumask_set_cpu(2, even);
	cpumask_set_cpu(1, other);
	show_searches();
	show_questions();
	show_operations();
	show_loops();
	if (page) {
		pr_info("to a page: %zd \"%s\"\n", cpumap_print_to_pagebuf(true, page, even), page);
		pr_info("to a page: %zd \"%s\"\n", cpumap_print_to_pagebuf(false, page, even),
			page);
	}
	free_page((unsigned long)page);
	free_cpumask_var(result);
	free_cpumask_var(other);
	free_cpumask_var(even);
	free_cpumask_var(full);
	free_cpumask_var(empty);
	return 0;
}

static void __exit masks_exit(void)
{
}

module_init(masks_init);
module_exit(masks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("CPU masks");
