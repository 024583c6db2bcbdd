// SPDX-License-Identifier: MIT
// conformance: atomic operations: what each returns and leaves, at the limits and at zero; conditional ones, exchanges, 64 bits
#include <linux/atomic.h>
#include <linux/kernel.h>
#include <linux/module.h>

static atomic_t v;
static atomic64_t w;
static atomic_long_t l;

#define SHOW(from, operation)                                                                                                     \
	do {                                                                                                                       \
		long long result;                                                                                                  \
		atomic_set(&v, from);                                                                                              \
		result = operation;                                                                                                \
		pr_info("%d: " #operation " gives %lld, leaves %d\n", from, result, atomic_read(&v));                               \
	} while (0)

static void arithmetic(int from)
{
	SHOW(from, atomic_add_return(5, &v));
	SHOW(from, atomic_sub_return(5, &v));
	SHOW(from, atomic_fetch_add(5, &v));
	SHOW(from, atomic_fetch_sub_relaxed(5, &v));
	SHOW(from, atomic_inc_return(&v));
	SHOW(from, atomic_dec_return_acquire(&v));
	SHOW(from, atomic_fetch_and(6, &v));
	SHOW(from, atomic_fetch_or(6, &v));
	SHOW(from, atomic_fetch_xor(6, &v));
	SHOW(from, atomic_fetch_andnot(6, &v));
	SHOW(from, atomic_xchg(&v, 9));
	SHOW(from, atomic_cmpxchg(&v, 1, 9));
	SHOW(from, atomic_inc_and_test(&v));
	SHOW(from, atomic_dec_and_test(&v));
	SHOW(from, atomic_sub_and_test(2, &v));
	SHOW(from, atomic_add_negative(-1, &v));
	SHOW(from, atomic_add_unless(&v, 3, 1));
	SHOW(from, atomic_fetch_add_unless(&v, 3, 1));
	SHOW(from, atomic_inc_not_zero(&v));
	SHOW(from, atomic_inc_unless_negative(&v));
	SHOW(from, atomic_dec_unless_positive(&v));
	SHOW(from, atomic_dec_if_positive(&v));
}

static void wide(void)
{
	int old = 5;
	long word = 7;
	bool result;
	s64 wide_old = 3;

	atomic64_set(&w, S64_MAX);
	pr_info("add_return %lld", atomic64_add_return(1, &w));
	pr_cont(" fetch_sub %lld", atomic64_fetch_sub(1, &w));
	pr_cont(" cmpxchg %lld", atomic64_cmpxchg(&w, S64_MAX, 3));
	result = atomic64_try_cmpxchg(&w, &wide_old, 4);
	pr_cont(" try %d %lld, now %lld\n", result, wide_old, (s64)atomic64_read(&w));
	pr_info("dec_if_positive %lld add_unless %d\n", (s64)atomic64_dec_if_positive(&w), !!atomic64_add_unless(&w, 1, 3));
	atomic_long_set(&l, -1);
	pr_info("long inc_and_test %d, read %ld\n", atomic_long_inc_and_test(&l), atomic_long_read(&l));
	atomic_set(&v, 4);
	result = atomic_try_cmpxchg(&v, &old, 6);
	pr_info("try_cmpxchg %d %d %d", result, old, atomic_read(&v));
	result = atomic_try_cmpxchg(&v, &old, 6);
	pr_cont(" %d %d %d\n", result, old, atomic_read(&v));
	pr_info("xchg %ld", xchg(&word, 8));
	pr_cont(" cmpxchg %ld", cmpxchg(&word, 8, 9));
	pr_cont(" %ld", cmpxchg_local(&word, 8, 10));
	pr_cont(" now %ld\n", word);
}

static int __init atomics_init(void)
{
	arithmetic(0);
	arithmetic(1);
	arithmetic(-1);
	arithmetic(INT_MAX);
	arithmetic(INT_MIN);
	wide();
	return 0;
}

static void __exit atomics_exit(void)
{
}

module_init(atomics_init);
module_exit(atomics_exit);
MODULE_LICENSE("Dual MIT/GPL");
