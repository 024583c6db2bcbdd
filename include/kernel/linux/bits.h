/*
 * Single bits and masks of adjacent bits.
 */
#pragma once

#include <asm/types.h>
#include <linux/const.h>

#define BITS_PER_BYTE	 8
#define BIT(nr)		 (UL(1) << (nr))
#define BIT_ULL(nr)	 (ULL(1) << (nr))
#define BIT_MASK(nr)	 (UL(1) << ((nr) % BITS_PER_LONG))
#define BIT_WORD(nr)	 ((nr) / BITS_PER_LONG)
#define BIT_ULL_MASK(nr) (ULL(1) << ((nr) % BITS_PER_LONG_LONG))
#define BIT_ULL_WORD(nr) ((nr) / BITS_PER_LONG_LONG)

/* The bits from `h` down to `l`, both included. */
#define GENMASK(h, l) (((~UL(0)) - (UL(1) << (l)) + 1) & (~UL(0) >> (BITS_PER_LONG - 1 - (h))))
#define GENMASK_ULL(h, l)                                                                          \
	(((~ULL(0)) - (ULL(1) << (l)) + 1) & (~ULL(0) >> (BITS_PER_LONG_LONG - 1 - (h))))
