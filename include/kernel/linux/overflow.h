/*
 * Arithmetic that tells when the result does not fit, and sizes that stay at SIZE_MAX instead of
 * wrapping around.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/const.h>
#include <linux/limits.h>
#include <linux/types.h>

#define check_add_overflow(a, b, d) __builtin_add_overflow(a, b, d)
#define check_sub_overflow(a, b, d) __builtin_sub_overflow(a, b, d)
#define check_mul_overflow(a, b, d) __builtin_mul_overflow(a, b, d)
#define check_shl_overflow(a, s, d)                                                                \
	({                                                                                         \
		__typeof__(a) __shl_a = (a);                                                       \
		__typeof__(s) __shl_s = (s);                                                       \
		__typeof__(d) __shl_d = (d);                                                       \
		unsigned int __shl_by = (__shl_s >= 0 && __shl_s < 8 * (int)sizeof(*__shl_d))      \
						? (unsigned int)__shl_s                            \
						: 0;                                               \
		*__shl_d = (__typeof__(*__shl_d))((unsigned long long)__shl_a << __shl_by);        \
		((int)__shl_by != (int)__shl_s || *__shl_d < 0 || __shl_a < 0 ||                   \
		 (__typeof__(__shl_a))(*__shl_d >> __shl_by) != __shl_a);                          \
	})

static __always_inline size_t __must_check size_add(size_t a, size_t b)
{
	size_t sum;

	return __builtin_add_overflow(a, b, &sum) ? SIZE_MAX : sum;
}

static __always_inline size_t __must_check size_sub(size_t a, size_t b)
{
	size_t difference;

	if (a == SIZE_MAX || b == SIZE_MAX || __builtin_sub_overflow(a, b, &difference))
		return SIZE_MAX;
	return difference;
}

static __always_inline size_t __must_check size_mul(size_t a, size_t b)
{
	size_t product;

	return __builtin_mul_overflow(a, b, &product) ? SIZE_MAX : product;
}

#define array_size(a, b)		   size_mul(a, b)
#define array3_size(a, b, c)		   size_mul(size_mul(a, b), c)
#define flex_array_size(p, member, count)  size_mul(count, sizeof(*(p)->member))
#define struct_size(p, member, count)	   size_add(sizeof(*(p)), flex_array_size(p, member, count))
#define struct_size_t(type, member, count) struct_size((type *)NULL, member, count)
