/*
 * Cache lines: 64 bytes on x86_64.
 */
#pragma once

#include <asm/cache.h>
#include <linux/compiler_types.h>

#define L1_CACHE_ALIGN(x)	     (((x) + (L1_CACHE_BYTES - 1)) & ~(__typeof__(x))(L1_CACHE_BYTES - 1))
#define ____cacheline_aligned	     __attribute__((__aligned__(SMP_CACHE_BYTES)))
#define ____cacheline_aligned_in_smp ____cacheline_aligned
#define __cacheline_aligned                                                                        \
	__attribute__((__aligned__(SMP_CACHE_BYTES), __section__(".data..cacheline_aligned")))
#define __cacheline_aligned_in_smp	      __cacheline_aligned
#define ____cacheline_internodealigned_in_smp __attribute__((__aligned__(INTERNODE_CACHE_BYTES)))
#define cache_line_size()		      L1_CACHE_BYTES
