/*
 * Bob Jenkins' lookup3 hash (2006, in the public domain): of bytes, of 32-bit words, and of up to
 * three words.
 */
#pragma once

#include <asm/unaligned.h>
#include <linux/bitops.h>
#include <linux/types.h>

#define JHASH_INITVAL 0xdeadbeef
#define jhash_size(n) ((u32)1 << (n))
#define jhash_mask(n) (jhash_size(n) - 1)

static inline void __jhash_mix(u32 *a, u32 *b, u32 *c)
{
	*a = (*a - *c) ^ rol32(*c, 4);
	*c += *b;
	*b = (*b - *a) ^ rol32(*a, 6);
	*a += *c;
	*c = (*c - *b) ^ rol32(*b, 8);
	*b += *a;
	*a = (*a - *c) ^ rol32(*c, 16);
	*c += *b;
	*b = (*b - *a) ^ rol32(*a, 19);
	*a += *c;
	*c = (*c - *b) ^ rol32(*b, 4);
	*b += *a;
}

static inline u32 __jhash_final(u32 a, u32 b, u32 c)
{
	c = (c ^ b) - rol32(b, 14);
	a = (a ^ c) - rol32(c, 11);
	b = (b ^ a) - rol32(a, 25);
	c = (c ^ b) - rol32(b, 16);
	a = (a ^ c) - rol32(c, 4);
	b = (b ^ a) - rol32(a, 14);
	c = (c ^ b) - rol32(b, 24);
	return c;
}

static inline u32 jhash(const void *key, u32 length, u32 initval)
{
	const u8 *k = (const u8 *)key;
	u32 words[3] = {0, 0, 0};
	u32 a, b, c, i;

	a = b = c = JHASH_INITVAL + length + initval;
	for (; length > 12; length -= 12, k += 12) {
		a += get_unaligned_le32(k);
		b += get_unaligned_le32(k + 4);
		c += get_unaligned_le32(k + 8);
		__jhash_mix(&a, &b, &c);
	}
	if (length == 0)
		return c;
	for (i = 0; i < length; i++)
		words[i / 4] |= (u32)k[i] << (8 * (i % 4));
	return __jhash_final(a + words[0], b + words[1], c + words[2]);
}

/* `length` counts words. */
static inline u32 jhash2(const u32 *k, u32 length, u32 initval)
{
	u32 a, b, c;

	a = b = c = JHASH_INITVAL + (length << 2) + initval;
	for (; length > 3; length -= 3, k += 3) {
		a += k[0];
		b += k[1];
		c += k[2];
		__jhash_mix(&a, &b, &c);
	}
	if (length == 0)
		return c;
	return __jhash_final(a + k[0], b + (length > 1 ? k[1] : 0), c + (length > 2 ? k[2] : 0));
}

static inline u32 __jhash_nwords(u32 a, u32 b, u32 c, u32 initval)
{
	return __jhash_final(a + initval, b + initval, c + initval);
}

static inline u32 jhash_3words(u32 a, u32 b, u32 c, u32 initval)
{
	return __jhash_nwords(a, b, c, initval + JHASH_INITVAL + (3 << 2));
}

static inline u32 jhash_2words(u32 a, u32 b, u32 initval)
{
	return __jhash_nwords(a, b, 0, initval + JHASH_INITVAL + (2 << 2));
}

static inline u32 jhash_1word(u32 a, u32 initval)
{
	return __jhash_nwords(a, 0, 0, initval + JHASH_INITVAL + (1 << 2));
}
