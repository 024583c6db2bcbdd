/*
 * Hexadecimal digits.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
extern const char hex_asc[];
extern const char hex_asc_upper[];
/* The value of a digit, or -1. Context: any. */
extern int hex_to_bin(unsigned char ch);
/* `count` bytes from 2 * count digits: 0, or -EINVAL. Context: any. */
extern int __must_check hex2bin(u8 *dst, const char *src, size_t count);
extern char *bin2hex(char *dst, const void *src, size_t count);
KLOOM_END_DECLS

#define hex_asc_lo(x)	    hex_asc[((x)&0x0f)]
#define hex_asc_hi(x)	    hex_asc[((x)&0xf0) >> 4]
#define hex_asc_upper_lo(x) hex_asc_upper[((x)&0x0f)]
#define hex_asc_upper_hi(x) hex_asc_upper[((x)&0xf0) >> 4]

static inline char *hex_byte_pack(char *buf, u8 byte)
{
	*buf++ = "0123456789abcdef"[byte >> 4];
	*buf++ = "0123456789abcdef"[byte & 0x0f];
	return buf;
}

static inline char *hex_byte_pack_upper(char *buf, u8 byte)
{
	*buf++ = "0123456789ABCDEF"[byte >> 4];
	*buf++ = "0123456789ABCDEF"[byte & 0x0f];
	return buf;
}
