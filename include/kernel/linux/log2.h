/*
 * Powers of two.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/types.h>

static __always_inline int __ilog2_u32(u32 n)
{
	return fls(n) - 1;
}

static __always_inline int __ilog2_u64(u64 n)
{
	return fls64(n) - 1;
}

static __always_inline bool is_power_of_2(unsigned long n)
{
	return n != 0 && (n & (n - 1)) == 0;
}

/* Constants give constants, so that these may size an array. Requires: n is not 0. */
#define const_ilog2(n) (63 - __builtin_clzll(n))
#define ilog2(n)       (63 - __builtin_clzll((unsigned long long)(n)))
#define roundup_pow_of_two(n)                                                                      \
	((unsigned long)(n) <= 1 ? 1UL : (1UL << (64 - __builtin_clzl(((unsigned long)(n)-1) | 1))))
#define rounddown_pow_of_two(n) (1UL << ilog2(n))

static __always_inline int order_base_2(unsigned long n)
{
	return n > 1 ? ilog2(n - 1) + 1 : 0;
}

static __always_inline int bits_per(unsigned long n)
{
	return n ? ilog2(n) + 1 : 1;
}
