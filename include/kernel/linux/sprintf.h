/*
 * Formatted text into memory.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/stdarg.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/*
 * snprintf() returns the length that the whole text has, scnprintf() the length that was written.
 * Context: any.
 */
KLOOM_LIBC_NAME(int, sprintf, (char *buf, const char *fmt, ...)) __printf(2, 3);
KLOOM_LIBC_NAME(int, vsprintf, (char *buf, const char *fmt, va_list args)) __printf(2, 0);
KLOOM_LIBC_NAME(int, snprintf, (char *buf, size_t size, const char *fmt, ...)) __printf(3, 4);
KLOOM_LIBC_NAME(int, vsnprintf, (char *buf, size_t size, const char *fmt, va_list args))
__printf(3, 0);
KLOOM_LIBC_NAME(int, sscanf, (const char *buf, const char *fmt, ...)) __scanf(2, 3);
KLOOM_LIBC_NAME(int, vsscanf, (const char *buf, const char *fmt, va_list args)) __scanf(2, 0);
extern __printf(3, 4) int scnprintf(char *buf, size_t size, const char *fmt, ...);
extern __printf(3, 0) int vscnprintf(char *buf, size_t size, const char *fmt, va_list args);

/* The text in memory of its own, which the caller frees with kfree(); NULL when there is none.
 * Context: as kmalloc(). */
extern __printf(2, 3) char *kasprintf(gfp_t gfp, const char *fmt, ...);
extern __printf(2, 0) char *kvasprintf(gfp_t gfp, const char *fmt, va_list args);
extern const char *kvasprintf_const(gfp_t gfp, const char *fmt, va_list args);
extern int num_to_str(char *buf, int size, unsigned long long num, unsigned int width);
KLOOM_END_DECLS
