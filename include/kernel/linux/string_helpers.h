/*
 * Sizes for people, escaped text, and the words for a truth value.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/ctype.h>
#include <linux/string.h>
#include <linux/types.h>

enum string_size_units { STRING_UNITS_10, STRING_UNITS_2 };

KLOOM_BEGIN_DECLS
/* `size` blocks of `blk_size` bytes as "1.23 MB" or "1.17 MiB". Context: any. */
extern void string_get_size(u64 size, u64 blk_size, enum string_size_units units, char *buf,
			    int len);
KLOOM_END_DECLS

static inline void string_upper(char *dst, const char *src)
{
	do {
		*dst++ = (char)toupper(*src);
	} while (*src++);
}

static inline void string_lower(char *dst, const char *src)
{
	do {
		*dst++ = (char)tolower(*src);
	} while (*src++);
}

static inline const char *str_yes_no(bool v)
{
	return v ? "yes" : "no";
}

static inline const char *str_on_off(bool v)
{
	return v ? "on" : "off";
}

static inline const char *str_enable_disable(bool v)
{
	return v ? "enable" : "disable";
}

static inline const char *str_enabled_disabled(bool v)
{
	return v ? "enabled" : "disabled";
}

static inline const char *str_true_false(bool v)
{
	return v ? "true" : "false";
}

static inline const char *str_read_write(bool v)
{
	return v ? "read" : "write";
}
