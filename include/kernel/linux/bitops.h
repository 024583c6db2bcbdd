/*
 * Operations on single bits of memory and of words. set_bit(), clear_bit(), change_bit() and the
 * test_and_ forms are atomic; those that start with two underscores are plain accesses.
 */
#pragma once

#include <asm/barrier.h>
#include <asm/types.h>
#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/typecheck.h>
#include <linux/types.h>

#define BITS_PER_TYPE(type)	   (sizeof(type) * BITS_PER_BYTE)
#define __KLOOM_DIV_ROUND_UP(n, d) (((n) + (d)-1) / (d))
#define BITS_TO_LONGS(nr)	   __KLOOM_DIV_ROUND_UP(nr, BITS_PER_TYPE(long))
#define BITS_TO_U64(nr)		   __KLOOM_DIV_ROUND_UP(nr, BITS_PER_TYPE(u64))
#define BITS_TO_U32(nr)		   __KLOOM_DIV_ROUND_UP(nr, BITS_PER_TYPE(u32))
#define BITS_TO_BYTES(nr)	   __KLOOM_DIV_ROUND_UP(nr, BITS_PER_TYPE(char))

#define __KLOOM_WORD(nr, addr) ((unsigned long *)(addr) + BIT_WORD((unsigned long)(nr)))

static __always_inline void set_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_or(__KLOOM_WORD(nr, addr), BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void clear_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(__KLOOM_WORD(nr, addr), ~BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline void change_bit(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_xor(__KLOOM_WORD(nr, addr), BIT_MASK(nr), __ATOMIC_RELAXED);
}

static __always_inline bool test_and_set_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_or(__KLOOM_WORD(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}

static __always_inline bool test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_and(__KLOOM_WORD(nr, addr), ~BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}

static __always_inline bool test_and_change_bit(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_xor(__KLOOM_WORD(nr, addr), BIT_MASK(nr), __ATOMIC_SEQ_CST) &
		BIT_MASK(nr)) != 0;
}

/* A marked read: it races with no atomic operation. */
static __always_inline bool test_bit(long nr, const volatile unsigned long *addr)
{
	return (READ_ONCE(*__KLOOM_WORD(nr, addr)) & BIT_MASK(nr)) != 0;
}

static __always_inline bool test_bit_acquire(long nr, const volatile unsigned long *addr)
{
	return (__atomic_load_n(__KLOOM_WORD(nr, addr), __ATOMIC_ACQUIRE) & BIT_MASK(nr)) != 0;
}

/* A bit as a lock. */
static __always_inline bool test_and_set_bit_lock(long nr, volatile unsigned long *addr)
{
	return (__atomic_fetch_or(__KLOOM_WORD(nr, addr), BIT_MASK(nr), __ATOMIC_ACQUIRE) &
		BIT_MASK(nr)) != 0;
}

static __always_inline void clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	__atomic_fetch_and(__KLOOM_WORD(nr, addr), ~BIT_MASK(nr), __ATOMIC_RELEASE);
}

static __always_inline void __clear_bit_unlock(long nr, volatile unsigned long *addr)
{
	clear_bit_unlock(nr, addr);
}

static __always_inline void __set_bit(long nr, volatile unsigned long *addr)
{
	*__KLOOM_WORD(nr, addr) |= BIT_MASK(nr);
}

static __always_inline void __clear_bit(long nr, volatile unsigned long *addr)
{
	*__KLOOM_WORD(nr, addr) &= ~BIT_MASK(nr);
}

static __always_inline void __change_bit(long nr, volatile unsigned long *addr)
{
	*__KLOOM_WORD(nr, addr) ^= BIT_MASK(nr);
}

static __always_inline bool __test_and_set_bit(long nr, volatile unsigned long *addr)
{
	unsigned long *p = __KLOOM_WORD(nr, addr);
	unsigned long old = *p;

	*p = old | BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline bool __test_and_clear_bit(long nr, volatile unsigned long *addr)
{
	unsigned long *p = __KLOOM_WORD(nr, addr);
	unsigned long old = *p;

	*p = old & ~BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline bool __test_and_change_bit(long nr, volatile unsigned long *addr)
{
	unsigned long *p = __KLOOM_WORD(nr, addr);
	unsigned long old = *p;

	*p = old ^ BIT_MASK(nr);
	return (old & BIT_MASK(nr)) != 0;
}

static __always_inline void assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		set_bit(nr, addr);
	else
		clear_bit(nr, addr);
}

static __always_inline void __assign_bit(long nr, volatile unsigned long *addr, bool value)
{
	if (value)
		__set_bit(nr, addr);
	else
		__clear_bit(nr, addr);
}

/* Positions in a word. ffs() and fls() count from 1 and give 0 for no bit; __ffs() and __fls()
 * count from 0 and need one. */
#ifndef KLOOM_IMPLEMENTATION
static __always_inline int ffs(int x)
{
	return __builtin_ffs(x);
}
#endif

static __always_inline int fls(unsigned int x)
{
	return x ? 32 - __builtin_clz(x) : 0;
}

static __always_inline int fls64(u64 x)
{
	return x ? 64 - __builtin_clzll(x) : 0;
}

static __always_inline unsigned int fls_long(unsigned long x)
{
	return (unsigned int)fls64(x);
}

static __always_inline unsigned long __ffs(unsigned long x)
{
	return (unsigned long)__builtin_ctzl(x);
}

static __always_inline unsigned long __fls(unsigned long x)
{
	return 63UL - (unsigned long)__builtin_clzl(x);
}

static __always_inline unsigned int __ffs64(u64 x)
{
	return (unsigned int)__builtin_ctzll(x);
}

#define ffz(x) __ffs(~(x))

static __always_inline int get_count_order(unsigned int count)
{
	return count == 0 ? -1 : fls(count - 1);
}

static __always_inline int get_count_order_long(unsigned long l)
{
	return l == 0 ? -1 : (int)fls_long(l - 1);
}

/* The number of ones. */
#define hweight8(w)	((unsigned int)__builtin_popcount((u8)(w)))
#define hweight16(w)	((unsigned int)__builtin_popcount((u16)(w)))
#define hweight32(w)	((unsigned int)__builtin_popcount(w))
#define hweight64(w)	((unsigned long)__builtin_popcountll(w))
#define hweight_long(w) ((unsigned long)__builtin_popcountl(w))
#define HWEIGHT8(w)	hweight8(w)
#define HWEIGHT16(w)	hweight16(w)
#define HWEIGHT32(w)	hweight32(w)
#define HWEIGHT64(w)	hweight64(w)

static __always_inline u64 rol64(u64 word, unsigned int shift)
{
	return (word << (shift & 63)) | (word >> ((-shift) & 63));
}

static __always_inline u64 ror64(u64 word, unsigned int shift)
{
	return (word >> (shift & 63)) | (word << ((-shift) & 63));
}

static __always_inline u32 rol32(u32 word, unsigned int shift)
{
	return (word << (shift & 31)) | (word >> ((-shift) & 31));
}

static __always_inline u32 ror32(u32 word, unsigned int shift)
{
	return (word >> (shift & 31)) | (word << ((-shift) & 31));
}

static __always_inline u16 ror16(u16 word, unsigned int shift)
{
	return (word >> (shift & 15)) | (word << ((-shift) & 15));
}

static __always_inline u8 ror8(u8 word, unsigned int shift)
{
	return (word >> (shift & 7)) | (word << ((-shift) & 7));
}

static __always_inline u16 rol16(u16 word, unsigned int shift)
{
	return (u16)((word << (shift & 15)) | (word >> ((-shift) & 15)));
}

static __always_inline u8 rol8(u8 word, unsigned int shift)
{
	return (u8)((word << (shift & 7)) | (word >> ((-shift) & 7)));
}

static __always_inline s32 sign_extend32(u32 value, int index)
{
	u8 shift = (u8)(31 - index);

	return (s32)(value << shift) >> shift;
}

static __always_inline s64 sign_extend64(u64 value, int index)
{
	u8 shift = (u8)(63 - index);

	return (s64)(value << shift) >> shift;
}

/* Replaces the bits of `mask`; the result is the value before. */
#define set_mask_bits(ptr, mask, bits)                                                             \
	({                                                                                         \
		const __typeof__(*(ptr)) __mask = (mask), __bits = (bits);                         \
		__typeof__(*(ptr)) __old = READ_ONCE(*(ptr));                                      \
		while (!__atomic_compare_exchange_n(ptr, &__old, (__old & ~__mask) | __bits, 0,    \
						    __ATOMIC_SEQ_CST, __ATOMIC_RELAXED))           \
			;                                                                          \
		__old;                                                                             \
	})

#include <linux/find.h>
