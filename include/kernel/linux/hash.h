/*
 * Hashes by multiplication with the golden ratio.
 */
#pragma once

#include <asm/types.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define GOLDEN_RATIO_32	     0x61C88647
#define GOLDEN_RATIO_64	     0x61C8864680B583EBull
#define GOLDEN_RATIO_PRIME   GOLDEN_RATIO_64
#define hash_long(val, bits) hash_64(val, bits)

static __always_inline u32 __hash_32(u32 val)
{
	return val * GOLDEN_RATIO_32;
}

/* The high bits are the well mixed ones. */
static __always_inline u32 hash_32(u32 val, unsigned int bits)
{
	return __hash_32(val) >> (32 - bits);
}

static __always_inline u32 hash_64(u64 val, unsigned int bits)
{
	return (u32)(val * GOLDEN_RATIO_64 >> (64 - bits));
}

static __always_inline u32 hash_ptr(const void *ptr, unsigned int bits)
{
	return hash_long((unsigned long)ptr, bits);
}

static __always_inline u32 hash32_ptr(const void *ptr)
{
	unsigned long val = (unsigned long)ptr;

	return (u32)(val ^ (val >> 32));
}
