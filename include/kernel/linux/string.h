/*
 * Memory and text. The functions run outside the module, but every byte that they read or write is
 * reported to the machine, so races, null pointers and overruns inside them are found. Context:
 * any, unless a gfp_t says otherwise.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/stdarg.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
KLOOM_LIBC_NAME(void *, memset, (void *s, int c, size_t count));
KLOOM_LIBC_NAME(void *, memcpy, (void *dest, const void *src, size_t count));
KLOOM_LIBC_NAME(void *, memmove, (void *dest, const void *src, size_t count));
KLOOM_LIBC_NAME(int, memcmp, (const void *cs, const void *ct, size_t count));
KLOOM_LIBC_NAME(void *, memchr, (const void *s, int c, size_t n));
KLOOM_LIBC_NAME(int, bcmp, (const void *a, const void *b, size_t len));
KLOOM_LIBC_NAME(char *, strcpy, (char *dest, const char *src));
KLOOM_LIBC_NAME(char *, strncpy, (char *dest, const char *src, size_t count));
KLOOM_LIBC_NAME(char *, stpcpy, (char *dest, const char *src));
KLOOM_LIBC_NAME(char *, strcat, (char *dest, const char *src));
KLOOM_LIBC_NAME(char *, strncat, (char *dest, const char *src, size_t count));
KLOOM_LIBC_NAME(size_t, strlcpy, (char *dest, const char *src, size_t size));
KLOOM_LIBC_NAME(size_t, strlcat, (char *dest, const char *src, size_t count));
KLOOM_LIBC_NAME(int, strcmp, (const char *cs, const char *ct));
KLOOM_LIBC_NAME(int, strncmp, (const char *cs, const char *ct, size_t count));
KLOOM_LIBC_NAME(int, strcasecmp, (const char *s1, const char *s2));
KLOOM_LIBC_NAME(int, strncasecmp, (const char *s1, const char *s2, size_t n));
KLOOM_LIBC_NAME(char *, strchr, (const char *s, int c));
KLOOM_LIBC_NAME(char *, strchrnul, (const char *s, int c));
KLOOM_LIBC_NAME(char *, strrchr, (const char *s, int c));
KLOOM_LIBC_NAME(char *, strstr, (const char *s1, const char *s2));
KLOOM_LIBC_NAME(char *, strpbrk, (const char *cs, const char *ct));
KLOOM_LIBC_NAME(char *, strsep, (char **s, const char *ct));
KLOOM_LIBC_NAME(size_t, strlen, (const char *s));
KLOOM_LIBC_NAME(size_t, strnlen, (const char *s, size_t count));
KLOOM_LIBC_NAME(size_t, strspn, (const char *s, const char *accept));
KLOOM_LIBC_NAME(size_t, strcspn, (const char *s, const char *reject));

/* Copies at most count - 1 characters and always ends the text; the length, or -E2BIG when it was
 * cut. */
extern ssize_t strscpy(char *dest, const char *src, size_t count);
extern ssize_t strscpy_pad(char *dest, const char *src, size_t count);
extern char *strnchr(const char *s, size_t count, int c);
extern char *strnchrnul(const char *s, size_t count, int c);
extern char *strnstr(const char *s1, const char *s2, size_t len);
extern char *skip_spaces(const char *s);
extern char *strim(char *s);
extern char *strreplace(char *s, char old_char, char new_char);
extern void *memset16(u16 *s, u16 v, size_t count);
extern void *memset32(u32 *s, u32 v, size_t count);
extern void *memset64(u64 *s, u64 v, size_t count);
extern void *memscan(void *addr, int c, size_t size);
/* The first byte that is not `c`, or NULL. */
extern void *memchr_inv(const void *s, int c, size_t n);
extern void memzero_explicit(void *s, size_t count);
extern void memcpy_and_pad(void *dest, size_t dest_len, const void *src, size_t count, int pad);
extern bool mem_is_zero(const void *s, size_t n);

/* Whether two texts are the same but for one newline at the end. */
extern bool sysfs_streq(const char *s1, const char *s2);
/* The index of `string` in the list, or -EINVAL; `n` is the list's length, or -1 when NULL ends it.
 */
extern int match_string(const char *const *array, size_t n, const char *string);
extern int __sysfs_match_string(const char *const *array, size_t n, const char *s);

/* Copies in memory that the caller frees with kfree(); NULL when there is none. Context: as
 * kmalloc(). */
extern char *kstrdup(const char *s, gfp_t gfp);
extern const char *kstrdup_const(const char *s, gfp_t gfp);
extern void kfree_const(const void *x);
extern char *kstrndup(const char *s, size_t len, gfp_t gfp);
extern void *kmemdup(const void *src, size_t len, gfp_t gfp);
extern char *kmemdup_nul(const char *s, size_t len, gfp_t gfp);

extern char **argv_split(gfp_t gfp, const char *str, int *argcp);
extern void argv_free(char **argv);
KLOOM_END_DECLS

#define sysfs_match_string(array, string) __sysfs_match_string(array, ARRAY_SIZE(array), string)
#define memset_after(obj, v, member)                                                               \
	({                                                                                         \
		__auto_type __obj = (obj);                                                         \
		memset((u8 *)__obj + offsetofend(__typeof__(*(obj)), member), v,                   \
		       sizeof(*__obj) - offsetofend(__typeof__(*(obj)), member));                  \
	})
#define memset_startat(obj, v, member)                                                             \
	({                                                                                         \
		__auto_type __obj = (obj);                                                         \
		memset((u8 *)__obj + offsetof(__typeof__(*(obj)), member), v,                      \
		       sizeof(*__obj) - offsetof(__typeof__(*(obj)), member));                     \
	})

#ifndef KLOOM_IMPLEMENTATION
static __always_inline char *strstrip(char *str)
{
	return strim(str);
}

static __always_inline size_t str_has_prefix(const char *str, const char *prefix)
{
	size_t len = strlen(prefix);

	return strncmp(str, prefix, len) == 0 ? len : 0;
}

static __always_inline bool strstarts(const char *str, const char *prefix)
{
	return strncmp(str, prefix, strlen(prefix)) == 0;
}

static inline const char *kbasename(const char *path)
{
	const char *tail = strrchr(path, '/');

	return tail ? tail + 1 : path;
}
#endif

static inline void memset_p(void **p, void *v, size_t n)
{
	memset64((u64 *)p, (u64)(uintptr_t)v, n);
}

static inline void memset_l(unsigned long *p, unsigned long v, size_t n)
{
	memset64((u64 *)p, v, n);
}
