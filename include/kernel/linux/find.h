/*
 * Searching bitmaps. The searches run outside the module; the words that they read are reported to
 * the machine as reads.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* The first bit from `start` on that is set (clear, set in both, ...), or `nbits`. Context: any. */
extern unsigned long find_next_bit(const unsigned long *addr, unsigned long nbits,
				   unsigned long start);
extern unsigned long find_next_zero_bit(const unsigned long *addr, unsigned long nbits,
					unsigned long start);
extern unsigned long find_next_and_bit(const unsigned long *addr1, const unsigned long *addr2,
				       unsigned long nbits, unsigned long start);
extern unsigned long find_next_andnot_bit(const unsigned long *addr1, const unsigned long *addr2,
					  unsigned long nbits, unsigned long start);
extern unsigned long find_last_bit(const unsigned long *addr, unsigned long nbits);
/* The n-th set bit, counted from 0. */
extern unsigned long find_nth_bit(const unsigned long *addr, unsigned long nbits, unsigned long n);
KLOOM_END_DECLS

static __always_inline unsigned long find_first_bit(const unsigned long *addr, unsigned long nbits)
{
	return find_next_bit(addr, nbits, 0);
}

static __always_inline unsigned long find_first_zero_bit(const unsigned long *addr,
							 unsigned long nbits)
{
	return find_next_zero_bit(addr, nbits, 0);
}

static __always_inline unsigned long
find_first_and_bit(const unsigned long *addr1, const unsigned long *addr2, unsigned long nbits)
{
	return find_next_and_bit(addr1, addr2, nbits, 0);
}

/* From `start` to the end and on from bit 0. */
static __always_inline unsigned long find_next_bit_wrap(const unsigned long *addr,
							unsigned long nbits, unsigned long start)
{
	unsigned long bit = find_next_bit(addr, nbits, start);

	if (bit < nbits)
		return bit;
	bit = find_first_bit(addr, start);
	return bit < start ? bit : nbits;
}

#define for_each_set_bit(bit, addr, size)                                                          \
	for ((bit) = find_first_bit((addr), (size)); (bit) < (size);                               \
	     (bit) = find_next_bit((addr), (size), (bit) + 1))
#define for_each_set_bit_from(bit, addr, size)                                                     \
	for ((bit) = find_next_bit((addr), (size), (bit)); (bit) < (size);                         \
	     (bit) = find_next_bit((addr), (size), (bit) + 1))
#define for_each_and_bit(bit, addr1, addr2, size)                                                  \
	for ((bit) = find_next_and_bit((addr1), (addr2), (size), 0); (bit) < (size);               \
	     (bit) = find_next_and_bit((addr1), (addr2), (size), (bit) + 1))
#define for_each_clear_bit(bit, addr, size)                                                        \
	for ((bit) = find_first_zero_bit((addr), (size)); (bit) < (size);                          \
	     (bit) = find_next_zero_bit((addr), (size), (bit) + 1))
#define for_each_clear_bit_from(bit, addr, size)                                                   \
	for ((bit) = find_next_zero_bit((addr), (size), (bit)); (bit) < (size);                    \
	     (bit) = find_next_zero_bit((addr), (size), (bit) + 1))
/* Runs of equal bits: [b, e). */
#define for_each_set_bitrange(b, e, addr, size)                                                    \
	for ((b) = 0; (b) = find_next_bit((addr), (size), b),                                      \
	    (e) = find_next_zero_bit((addr), (size), (b) + 1), (b) < (size);                       \
	     (b) = (e) + 1)
#define for_each_set_bitrange_from(b, e, addr, size)                                               \
	for (; (b) = find_next_bit((addr), (size), b),                                             \
	       (e) = find_next_zero_bit((addr), (size), (b) + 1), (b) < (size);                    \
	     (b) = (e) + 1)
#define for_each_clear_bitrange(b, e, addr, size)                                                  \
	for ((b) = 0; (b) = find_next_zero_bit((addr), (size), b),                                 \
	    (e) = find_next_bit((addr), (size), (b) + 1), (b) < (size);                            \
	     (b) = (e) + 1)
#define for_each_clear_bitrange_from(b, e, addr, size)                                             \
	for (; (b) = find_next_zero_bit((addr), (size), b),                                        \
	       (e) = find_next_bit((addr), (size), (b) + 1), (b) < (size);                         \
	     (b) = (e) + 1)
