/*
 * Classes of Latin-1 characters, as the kernel has them: no locale.
 */
#pragma once

#include <linux/compiler.h>

#define __ctype_in(c, first, last) ((unsigned char)(c) >= (first) && (unsigned char)(c) <= (last))

/* In kloom's own files the C library's functions of these names serve: its C locale agrees on
 * ASCII. */
#ifdef KLOOM_IMPLEMENTATION
#include <ctype.h>
#else
#define isdigit(c) __ctype_in(c, '0', '9')
#define isupper(c)                                                                                 \
	(__ctype_in(c, 'A', 'Z') || (__ctype_in(c, 0xc0, 0xde) && (unsigned char)(c) != 0xd7))
#define islower(c)                                                                                 \
	(__ctype_in(c, 'a', 'z') || (__ctype_in(c, 0xdf, 0xff) && (unsigned char)(c) != 0xf7))
#define isalpha(c)  (isupper(c) || islower(c))
#define isalnum(c)  (isalpha(c) || isdigit(c))
#define iscntrl(c)  (__ctype_in(c, 0, 31) || (unsigned char)(c) == 127)
#define isspace(c)  (__ctype_in(c, 9, 13) || (unsigned char)(c) == ' ' || (unsigned char)(c) == 0xa0)
#define isxdigit(c) (isdigit(c) || __ctype_in(c, 'a', 'f') || __ctype_in(c, 'A', 'F'))
#define isprint(c)  (__ctype_in(c, 32, 126) || __ctype_in(c, 0xa0, 0xff))
#define isgraph(c)  (__ctype_in(c, 33, 126) || __ctype_in(c, 0xa1, 0xff))
#define ispunct(c)  (isgraph(c) && !isalnum(c))

static __always_inline unsigned char __tolower(unsigned char c)
{
	return isupper(c) ? (unsigned char)(c + 32) : c;
}

static __always_inline unsigned char __toupper(unsigned char c)
{
	return islower(c) && c != 0xdf && c != 0xff ? (unsigned char)(c - 32) : c;
}
#define tolower(c)  __tolower(c)
#define toupper(c)  __toupper(c)
#endif

#ifndef KLOOM_IMPLEMENTATION
#define isascii(c) (((unsigned char)(c)) <= 0x7f)
#define toascii(c) (((unsigned char)(c)) & 0x7f)
#endif

static __always_inline char _tolower(const char c)
{
	return (char)(c | 0x20);
}

static __always_inline int isodigit(const char c)
{
	return c >= '0' && c <= '7';
}
