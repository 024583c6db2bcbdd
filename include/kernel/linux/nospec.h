/*
 * Bounds that hold in speculation too. The machine does not speculate: an index out of range
 * becomes 0.
 */
#pragma once

#include <asm/barrier.h>
#include <linux/compiler.h>

#define array_index_nospec(index, size)                                                            \
	({                                                                                         \
		__typeof__(index) __nospec_index = (index);                                        \
		__nospec_index < (size) ? __nospec_index : (__typeof__(index))0;                   \
	})
