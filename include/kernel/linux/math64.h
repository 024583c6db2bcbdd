/*
 * Division of 64-bit numbers, which 64-bit computers do themselves.
 */
#pragma once

#include <asm/div64.h>
#include <linux/math.h>
#include <linux/types.h>

#define div64_long(x, y) div64_s64((x), (y))
#define div64_ul(x, y)	 div64_u64((x), (y))

static __always_inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = (u32)(dividend % divisor);
	return dividend / divisor;
}

static __always_inline s64 div_s64_rem(s64 dividend, s32 divisor, s32 *remainder)
{
	*remainder = (s32)(dividend % divisor);
	return dividend / divisor;
}

static __always_inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static __always_inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static __always_inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

static __always_inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static __always_inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static __always_inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

static __always_inline u64 mul_u64_u32_shr(u64 a, u32 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

static __always_inline u64 mul_u64_u64_shr(u64 a, u64 mul, unsigned int shift)
{
	return (u64)(((unsigned __int128)a * mul) >> shift);
}

static __always_inline u64 mul_u64_u64_div_u64(u64 a, u64 mul, u64 div)
{
	return (u64)((unsigned __int128)a * mul / div);
}

static __always_inline u64 mul_u64_u32_div(u64 a, u32 mul, u32 divisor)
{
	return (u64)((unsigned __int128)a * mul / divisor);
}

#define DIV64_U64_ROUND_UP(ll, d)                                                                  \
	({                                                                                         \
		u64 __round_d = (d);                                                               \
		div64_u64((ll) + __round_d - 1, __round_d);                                        \
	})
#define DIV64_U64_ROUND_CLOSEST(dividend, divisor)                                                 \
	({                                                                                         \
		u64 __round_d = (divisor);                                                         \
		div64_u64((dividend) + __round_d / 2, __round_d);                                  \
	})
#define DIV_U64_ROUND_CLOSEST(dividend, divisor)                                                   \
	({                                                                                         \
		u32 __round_d = (divisor);                                                         \
		div_u64((u64)(dividend) + __round_d / 2, __round_d);                               \
	})
