/*
 * Cyclic redundancy checks. The caller gives the start value and inverts the result as his protocol
 * wants it.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Polynomial 0x04c11db7, least (le) or most (be) significant bit first; and Castagnoli's. Context:
 * any. */
extern u32 crc32_le(u32 crc, const unsigned char *p, size_t len);
extern u32 crc32_be(u32 crc, const unsigned char *p, size_t len);
extern u32 __crc32c_le(u32 crc, const unsigned char *p, size_t len);
KLOOM_END_DECLS

#define crc32(seed, data, length)  crc32_le(seed, (const unsigned char *)(data), length)
#define ether_crc_le(length, data) crc32_le(~0U, data, length)
