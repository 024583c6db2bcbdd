// SPDX-License-Identifier: MIT
// conformance: what this_cpu, __this_cpu and raw_cpu operations leave and return at each size and sign
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/percpu.h>

/* Every operation in one flavour on one type; `wide` and `minus` are variables so that nothing is
 * folded away. */
#define DEFINE_CASE(flavour, type)                                                                 \
	static DEFINE_PER_CPU(type, flavour##_##type);                                             \
	static noinline void run_##flavour##_##type(long wide, int minus)                          \
	{                                                                                          \
		type first, second, third, fourth;                                                 \
		OPTIMIZER_HIDE_VAR(wide);                                                          \
		OPTIMIZER_HIDE_VAR(minus);                                                         \
		preempt_disable();                                                                 \
		flavour##_write(flavour##_##type, minus);                                          \
		first = flavour##_read(flavour##_##type);                                          \
		flavour##_inc(flavour##_##type);                                                   \
		second = flavour##_read(flavour##_##type);                                         \
		flavour##_dec(flavour##_##type);                                                   \
		third = flavour##_read(flavour##_##type);                                          \
		flavour##_add(flavour##_##type, wide);                                             \
		fourth = flavour##_read(flavour##_##type);                                         \
		pr_info(#flavour " " #type ": write %lld inc %lld dec %lld add %lld\n",            \
			(long long)first, (long long)second, (long long)third, (long long)fourth); \
		flavour##_sub(flavour##_##type, wide);                                             \
		first = flavour##_read(flavour##_##type);                                          \
		flavour##_and(flavour##_##type, ~0x18L);                                           \
		second = flavour##_read(flavour##_##type);                                         \
		flavour##_or(flavour##_##type, wide & 0x18);                                       \
		third = flavour##_read(flavour##_##type);                                          \
		pr_info(#flavour " " #type ": sub %lld and %lld or %lld\n", (long long)first,      \
			(long long)second, (long long)third);                                      \
		first = flavour##_add_return(flavour##_##type, wide);                              \
		second = flavour##_sub_return(flavour##_##type, minus);                            \
		third = flavour##_inc_return(flavour##_##type);                                    \
		fourth = flavour##_dec_return(flavour##_##type);                                   \
		pr_info(#flavour                                                                   \
			" " #type                                                                  \
			": add_return %lld sub_return %lld inc_return %lld dec_return %lld\n",     \
			(long long)first, (long long)second, (long long)third, (long long)fourth); \
		first = flavour##_xchg(flavour##_##type, minus);                                   \
		second = flavour##_cmpxchg(flavour##_##type, 5, 6);                                \
		third = flavour##_cmpxchg(flavour##_##type, minus, 7);                             \
		fourth = flavour##_read(flavour##_##type);                                         \
		pr_info(#flavour " " #type ": xchg %lld failed %lld cmpxchg %lld read %lld\n",     \
			(long long)first, (long long)second, (long long)third, (long long)fourth); \
		preempt_enable();                                                                  \
	}

#define FOR_EACH_TYPE(flavour, what)                                                               \
	what(flavour, s8) what(flavour, u8) what(flavour, s16) what(flavour, u16)                  \
		what(flavour, s32) what(flavour, u32) what(flavour, s64) what(flavour, u64)

FOR_EACH_TYPE(this_cpu, DEFINE_CASE)
FOR_EACH_TYPE(__this_cpu, DEFINE_CASE)
FOR_EACH_TYPE(raw_cpu, DEFINE_CASE)

#define RUN_CASE(flavour, type) run_##flavour##_##type(0x123456789abcdef7, -1);

static int __init arithmetic_init(void)
{
	FOR_EACH_TYPE(this_cpu, RUN_CASE)
	FOR_EACH_TYPE(__this_cpu, RUN_CASE)
	FOR_EACH_TYPE(raw_cpu, RUN_CASE)
	return 0;
}

static void __exit arithmetic_exit(void)
{
}

module_init(arithmetic_init);
module_exit(arithmetic_exit);
MODULE_LICENSE("Dual MIT/GPL");
