/*
 * Division in place: do_div(n, base) leaves the quotient in n and has the remainder as its value.
 */
#pragma once

#include <linux/types.h>

#define do_div(n, base)                                                                            \
	({                                                                                         \
		u32 __div_base = (base);                                                           \
		u32 __div_rem = (u32)(((u64)(n)) % __div_base);                                    \
		(n) = ((u64)(n)) / __div_base;                                                     \
		__div_rem;                                                                         \
	})
