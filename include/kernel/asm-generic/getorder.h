/*
 * The number of pages for a size, as a power of two.
 */
#pragma once

#include <linux/compiler.h>

/* The order of the smallest block of pages that holds `size` bytes; 52 for a size of 0, as in Linux. */
static inline int get_order(unsigned long size)
{
	if (size == 0)
		return 52;
	size = (size - 1) >> 12;
	return size == 0 ? 0 : 64 - __builtin_clzl(size);
}
