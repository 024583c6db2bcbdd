/*
 * Sets of bits of any length. The operations run outside the module and report the words that they
 * read and write; bits of the last word beyond the length are not significant. Context: any.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/find.h>
#include <linux/limits.h>
#include <linux/string.h>
#include <linux/types.h>

#define BITMAP_FIRST_WORD_MASK(start) (~0UL << ((start) & (BITS_PER_LONG - 1)))
#define BITMAP_LAST_WORD_MASK(nbits)  (~0UL >> (-(nbits) & (BITS_PER_LONG - 1)))
#define bitmap_size(nbits)	      (BITS_TO_LONGS(nbits) * sizeof(unsigned long))

KLOOM_BEGIN_DECLS
extern void bitmap_zero(unsigned long *dst, unsigned int nbits);
extern void bitmap_fill(unsigned long *dst, unsigned int nbits);
extern void bitmap_copy(unsigned long *dst, const unsigned long *src, unsigned int nbits);
extern void bitmap_complement(unsigned long *dst, const unsigned long *src, unsigned int nbits);
/* True when a bit of the result is set. */
extern bool bitmap_and(unsigned long *dst, const unsigned long *src1, const unsigned long *src2,
		       unsigned int nbits);
extern bool bitmap_andnot(unsigned long *dst, const unsigned long *src1, const unsigned long *src2,
			  unsigned int nbits);
extern void bitmap_or(unsigned long *dst, const unsigned long *src1, const unsigned long *src2,
		      unsigned int nbits);
extern void bitmap_xor(unsigned long *dst, const unsigned long *src1, const unsigned long *src2,
		       unsigned int nbits);
extern void bitmap_replace(unsigned long *dst, const unsigned long *old, const unsigned long *bits,
			   const unsigned long *mask, unsigned int nbits);
extern void bitmap_shift_right(unsigned long *dst, const unsigned long *src, unsigned int shift,
			       unsigned int nbits);
extern void bitmap_shift_left(unsigned long *dst, const unsigned long *src, unsigned int shift,
			      unsigned int nbits);
extern void bitmap_set(unsigned long *map, unsigned int start, unsigned int nbits);
extern void bitmap_clear(unsigned long *map, unsigned int start, unsigned int nbits);

extern bool bitmap_equal(const unsigned long *src1, const unsigned long *src2, unsigned int nbits);
extern bool bitmap_intersects(const unsigned long *src1, const unsigned long *src2,
			      unsigned int nbits);
extern bool bitmap_subset(const unsigned long *src1, const unsigned long *src2, unsigned int nbits);
extern unsigned int bitmap_weight(const unsigned long *src, unsigned int nbits);

/* The first run of `nr` clear bits from `start` on, aligned to align_mask + 1, or a number above
 * `size`. */
extern unsigned long bitmap_find_next_zero_area(unsigned long *map, unsigned long size,
						unsigned long start, unsigned int nr,
						unsigned long align_mask);
/* Runs of 2^order bits, aligned to their size: the position, or -ENOMEM or -EBUSY. */
extern int bitmap_find_free_region(unsigned long *bitmap, unsigned int bits, int order);
extern void bitmap_release_region(unsigned long *bitmap, unsigned int pos, int order);
extern int bitmap_allocate_region(unsigned long *bitmap, unsigned int pos, int order);

/* "0-3,8" and "ff,00000001" as bitmaps: 0 or a negative error number. */
extern int bitmap_parselist(const char *buf, unsigned long *dst, int nbits);
extern int bitmap_parse(const char *buf, unsigned int buflen, unsigned long *dst, int nbits);
extern int bitmap_print_to_pagebuf(bool list, char *buf, const unsigned long *maskp, int nmaskbits);

/* A bitmap that bitmap_free() frees. Context: as kmalloc(). */
extern unsigned long *bitmap_alloc(unsigned int nbits, gfp_t flags);
extern unsigned long *bitmap_zalloc(unsigned int nbits, gfp_t flags);
extern void bitmap_free(const unsigned long *bitmap);
KLOOM_END_DECLS

static __always_inline bool bitmap_empty(const unsigned long *src, unsigned int nbits)
{
	return find_first_bit(src, nbits) == nbits;
}

static __always_inline bool bitmap_full(const unsigned long *src, unsigned int nbits)
{
	return find_first_zero_bit(src, nbits) == nbits;
}

/* The eight bits from `start` on, a multiple of 8. */
static inline unsigned long bitmap_get_value8(const unsigned long *map, unsigned long start)
{
	return map[start / BITS_PER_LONG] >> start % BITS_PER_LONG & 0xff;
}

static inline void bitmap_set_value8(unsigned long *map, unsigned long value, unsigned long start)
{
	unsigned long *word = map + start / BITS_PER_LONG;
	const unsigned long offset = start % BITS_PER_LONG;

	*word = (*word & ~(0xffUL << offset)) | value << offset;
}

static inline void bitmap_from_u64(unsigned long *dst, u64 mask)
{
	dst[0] = (unsigned long)mask;
}
