/*
 * Rounding and division of integers.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/minmax.h>
#include <linux/types.h>

#define __round_mask(x, y) ((__typeof__(x))((y)-1))
/* round_up() and round_down() need a power of two; roundup() and rounddown() take any multiple. */
#define round_up(x, y)	 ((((x)-1) | __round_mask(x, y)) + 1)
#define round_down(x, y) ((x) & ~__round_mask(x, y))
#define roundup(x, y)                                                                              \
	({                                                                                         \
		__typeof__(y) __roundup_y = (y);                                                   \
		(((x) + (__roundup_y - 1)) / __roundup_y) * __roundup_y;                           \
	})
#define rounddown(x, y)                                                                            \
	({                                                                                         \
		__typeof__(x) __rounddown_x = (x);                                                 \
		__rounddown_x - (__rounddown_x % (y));                                             \
	})
#define DIV_ROUND_UP(n, d)	     (((n) + (d)-1) / (d))
#define DIV_ROUND_DOWN_ULL(ll, d)    ((unsigned long long)(ll) / (d))
#define DIV_ROUND_UP_ULL(ll, d)	     DIV_ROUND_DOWN_ULL((unsigned long long)(ll) + (d)-1, (d))
#define DIV_ROUND_UP_SECTOR_T(ll, d) DIV_ROUND_UP_ULL(ll, d)
#define DIV_ROUND_CLOSEST(x, divisor)                                                              \
	({                                                                                         \
		__typeof__(x) __closest_x = (x);                                                   \
		__typeof__(divisor) __closest_d = (divisor);                                       \
		(((__typeof__(x))-1) > 0 || ((__typeof__(divisor))-1) > 0 ||                       \
		 ((__closest_x > 0) == (__closest_d > 0)))                                         \
			? ((__closest_x + (__closest_d / 2)) / __closest_d)                        \
			: ((__closest_x - (__closest_d / 2)) / __closest_d);                       \
	})
#define DIV_ROUND_CLOSEST_ULL(x, divisor)                                                          \
	({                                                                                         \
		__typeof__(divisor) __closest_d = (divisor);                                       \
		((unsigned long long)(x) + (__closest_d / 2)) / __closest_d;                       \
	})
#define mult_frac(x, n, d)                                                                         \
	({                                                                                         \
		__typeof__(x) __frac_x = (x);                                                      \
		__typeof__(n) __frac_n = (n);                                                      \
		__typeof__(d) __frac_d = (d);                                                      \
		__frac_x / __frac_d *__frac_n + __frac_x % __frac_d *__frac_n / __frac_d;          \
	})
#define upper_32_bits(n) ((u32)(((n) >> 16) >> 16))
#define lower_32_bits(n) ((u32)((n)&0xffffffff))
#define upper_16_bits(n) ((u16)((n) >> 16))
#define lower_16_bits(n) ((u16)((n)&0xffff))

#ifdef __cplusplus
#ifndef KLOOM_IMPLEMENTATION
template <typename T> constexpr T abs(T x)
{
	return x < 0 ? -x : x;
}
#endif
template <typename T> constexpr T abs_diff(T a, T b)
{
	return a > b ? a - b : b - a;
}
#else
/* The result has the type of the argument; char counts as signed char. */
#define abs(x)                                                                                     \
	({                                                                                         \
		__auto_type __abs_x = (x);                                                         \
		(__typeof__(__abs_x))(__abs_x < 0 ? -__abs_x : __abs_x);                           \
	})
#define abs_diff(a, b)                                                                             \
	({                                                                                         \
		__auto_type __diff_a = (a);                                                        \
		__auto_type __diff_b = (b);                                                        \
		__diff_a > __diff_b ? (__diff_a - __diff_b) : (__diff_b - __diff_a);               \
	})
#endif

static __always_inline u32 reciprocal_scale(u32 val, u32 ep_ro)
{
	return (u32)(((u64)val * ep_ro) >> 32);
}

/* The integer part of the square root. */
static inline unsigned long int_sqrt(unsigned long x)
{
	unsigned long root = 0, bit = 1UL << 62;

	while (bit > x)
		bit >>= 2;
	for (; bit; bit >>= 2) {
		if (x >= root + bit) {
			x -= root + bit;
			root = (root >> 1) + bit;
		} else {
			root >>= 1;
		}
	}
	return root;
}
#define int_sqrt64(x) ((u32)int_sqrt(x))

static inline unsigned long int_pow(u64 base, unsigned int exponent)
{
	u64 result = 1;

	for (; exponent; exponent >>= 1, base *= base)
		if (exponent & 1)
			result *= base;
	return result;
}
