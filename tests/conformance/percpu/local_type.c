// SPDX-License-Identifier: MIT
// conformance: local_t and local64_t: results of every operation, on a variable and on a per-CPU one
#include <linux/module.h>
#include <linux/percpu.h>
#include <asm/local.h>
#include <asm/local64.h>

static DEFINE_PER_CPU(local_t, events) = LOCAL_INIT(3);
static local64_t wide = LOCAL64_INIT(-5);

static void use_local(local_t *l)
{
	pr_info("read %ld\n", local_read(l));
	local_inc(l);
	local_add(10, l);
	local_dec(l);
	local_sub(4, l);
	pr_info("inc, add 10, dec, sub 4: %ld\n", local_read(l));
	pr_info("add_return %ld sub_return %ld inc_return %ld dec_return %ld\n",
		(long)local_add_return(5, l), local_sub_return(6, l), (long)local_inc_return(l),
		(long)local_dec_return(l));
	local_set(l, 1);
	pr_info("dec_and_test of 1: %d, of 0: %d\n", local_dec_and_test(l), local_dec_and_test(l));
	pr_info("inc_and_test of -1: %d, of 0: %d\n", local_inc_and_test(l), local_inc_and_test(l));
	pr_info("sub_and_test 1: %d, 1: %d\n", local_sub_and_test(1, l), local_sub_and_test(1, l));
	pr_info("add_negative 0: %d, -1: %d, 5: %d\n", local_add_negative(0, l),
		local_add_negative(-1, l), local_add_negative(5, l));
	pr_info("xchg 7: %ld, cmpxchg 8: %ld, cmpxchg 7: %ld, now %ld\n", (long)local_xchg(l, 7),
		(long)local_cmpxchg(l, 8, 1), (long)local_cmpxchg(l, 7, -9), local_read(l));
	pr_info("add_unless -9: %d, 0: %d, now %ld\n", !!local_add_unless(l, 2, -9),
		!!local_add_unless(l, 2, 0), local_read(l));
	local_set(l, 0);
	pr_info("inc_not_zero of 0: %d\n", !!local_inc_not_zero(l));
	local_set(l, LONG_MAX);
	local_inc(l);
	pr_info("past the largest: smallest %d\n", local_read(l) == LONG_MIN);
}

static int __init local_type_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu)
		pr_info("cpu %d: %ld\n", cpu, local_read(per_cpu_ptr(&events, cpu)));
	use_local(get_cpu_ptr(&events));
	put_cpu_ptr(&events);
	preempt_disable();
	local64_add(1LL << 30, &wide);
	pr_info("64: %lld\n", (s64)local64_read(&wide));
	local64_sub(1LL << 29, &wide);
	local64_dec(&wide);
	pr_info("64: %lld, inc_return %lld, sub_and_test %d\n", (s64)local64_read(&wide),
		(s64)local64_inc_return(&wide), local64_sub_and_test(1, &wide));
	pr_info("64: xchg %lld, cmpxchg %lld, now %lld\n", (s64)local64_xchg(&wide, 12),
		(s64)local64_cmpxchg(&wide, 12, 13), (s64)local64_read(&wide));
	preempt_enable();
	pr_info("sizes %zu %zu\n", sizeof(local_t), sizeof(local64_t));
	return 0;
}

static void __exit local_type_exit(void)
{
}

module_init(local_type_init);
module_exit(local_type_exit);
MODULE_LICENSE("Dual MIT/GPL");
