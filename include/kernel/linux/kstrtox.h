/*
 * Strict conversion of text to numbers. All functions return 0, -EINVAL (not a number as a whole)
 * or -ERANGE (does not fit); base 0 takes the base from a prefix 0x or 0; one newline at the end is
 * accepted.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
extern int __must_check kstrtoull(const char *s, unsigned int base, unsigned long long *res);
extern int __must_check kstrtoll(const char *s, unsigned int base, long long *res);
extern int __must_check kstrtoul(const char *s, unsigned int base, unsigned long *res);
extern int __must_check kstrtol(const char *s, unsigned int base, long *res);
extern int __must_check kstrtouint(const char *s, unsigned int base, unsigned int *res);
extern int __must_check kstrtoint(const char *s, unsigned int base, int *res);
extern int __must_check kstrtou16(const char *s, unsigned int base, u16 *res);
extern int __must_check kstrtos16(const char *s, unsigned int base, s16 *res);
extern int __must_check kstrtou8(const char *s, unsigned int base, u8 *res);
extern int __must_check kstrtos8(const char *s, unsigned int base, s8 *res);
extern int __must_check kstrtobool(const char *s, bool *res);

/* As kstrto*(), from user space. Context: task, may sleep. */
extern int __must_check kstrtoull_from_user(const char __user *s, size_t count, unsigned int base,
					    unsigned long long *res);
extern int __must_check kstrtoll_from_user(const char __user *s, size_t count, unsigned int base,
					   long long *res);
extern int __must_check kstrtoul_from_user(const char __user *s, size_t count, unsigned int base,
					   unsigned long *res);
extern int __must_check kstrtol_from_user(const char __user *s, size_t count, unsigned int base,
					  long *res);
extern int __must_check kstrtouint_from_user(const char __user *s, size_t count, unsigned int base,
					     unsigned int *res);
extern int __must_check kstrtoint_from_user(const char __user *s, size_t count, unsigned int base,
					    int *res);
extern int __must_check kstrtou16_from_user(const char __user *s, size_t count, unsigned int base,
					    u16 *res);
extern int __must_check kstrtos16_from_user(const char __user *s, size_t count, unsigned int base,
					    s16 *res);
extern int __must_check kstrtou8_from_user(const char __user *s, size_t count, unsigned int base,
					   u8 *res);
extern int __must_check kstrtos8_from_user(const char __user *s, size_t count, unsigned int base,
					   s8 *res);
extern int __must_check kstrtobool_from_user(const char __user *s, size_t count, bool *res);

/* The forgiving forms: they stop at the first character that is no digit and report no error. */
extern unsigned long simple_strtoul(const char *cp, char **endp, unsigned int base);
extern long simple_strtol(const char *cp, char **endp, unsigned int base);
extern unsigned long long simple_strtoull(const char *cp, char **endp, unsigned int base);
extern long long simple_strtoll(const char *cp, char **endp, unsigned int base);

static __always_inline int __must_check kstrtou64(const char *s, unsigned int base, u64 *res)
{
	return kstrtoull(s, base, res);
}

static __always_inline int __must_check kstrtos64(const char *s, unsigned int base, s64 *res)
{
	return kstrtoll(s, base, res);
}

static __always_inline int __must_check kstrtou32(const char *s, unsigned int base, u32 *res)
{
	return kstrtouint(s, base, res);
}

static __always_inline int __must_check kstrtos32(const char *s, unsigned int base, s32 *res)
{
	return kstrtoint(s, base, res);
}
KLOOM_END_DECLS

#define kstrtou64_from_user kstrtoull_from_user
#define kstrtos64_from_user kstrtoll_from_user
#define kstrtou32_from_user kstrtouint_from_user
#define kstrtos32_from_user kstrtoint_from_user
