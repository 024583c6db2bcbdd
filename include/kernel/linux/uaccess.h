/*
 * Data between the kernel and user memory. User memory is a region of its own in the machine: an address outside it, or one that is
 * not mapped, makes these functions fail as on Linux, and only they may touch it. As with CONFIG_FORTIFY_SOURCE, a copy that is
 * larger than the kernel object it is known to fill is refused.
 */
#pragma once

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
extern bool kloom_access_ok(const void __user *addr, unsigned long size);
extern unsigned long kloom_copy_from_user(void *to, const void __user *from, unsigned long n, const char *function);
extern unsigned long kloom_copy_to_user(void __user *to, const void *from, unsigned long n, const char *function);
extern unsigned long kloom_copy_overflow(size_t size, unsigned long count);
extern int kloom_get_user(void *to, const void __user *from, size_t size, const char *function);
extern int kloom_put_user(const void *from, void __user *to, size_t size, const char *function);

/* Return the number of bytes that could not be cleared. Context: task, may sleep. */
extern unsigned long clear_user(void __user *to, unsigned long n);
extern unsigned long __clear_user(void __user *to, unsigned long n);

/* Return the length without the end, `count` when there is no end so far, or -EFAULT. Context: task, may sleep. */
extern long strncpy_from_user(char *dst, const char __user *src, long count);
/* Returns the length with the end, 0 on a fault, more than `n` when there is no end so far. Context: task, may sleep. */
extern long strnlen_user(const char __user *s, long n);

/* Text or memory from user space in an allocation of its own, or an ERR_PTR. Context: task, may sleep. */
extern char *strndup_user(const char __user *s, long n);
extern void *memdup_user(const void __user *src, size_t len);
extern void *vmemdup_user(const void __user *src, size_t len);
extern void *memdup_user_nul(const void __user *src, size_t len);

/* Between these two, copies fail instead of sleeping. Context: any. */
extern void pagefault_disable(void);
extern void pagefault_enable(void);
extern bool pagefault_disabled(void);

/* Access that never sleeps and never faults: 0 or -EFAULT. Context: any. */
extern long copy_from_kernel_nofault(void *dst, const void *src, size_t size);
extern long copy_to_kernel_nofault(void *dst, const void *src, size_t size);
extern long copy_from_user_nofault(void *dst, const void __user *src, size_t size);
extern long copy_to_user_nofault(void __user *dst, const void *src, size_t size);

/* Numbers from user space. Context: task, may sleep. */
extern int kstrtoull_from_user(const char __user *s, size_t count, unsigned int base, unsigned long long *res);
extern int kstrtoll_from_user(const char __user *s, size_t count, unsigned int base, long long *res);
extern int kstrtoul_from_user(const char __user *s, size_t count, unsigned int base, unsigned long *res);
extern int kstrtol_from_user(const char __user *s, size_t count, unsigned int base, long *res);
extern int kstrtouint_from_user(const char __user *s, size_t count, unsigned int base, unsigned int *res);
extern int kstrtoint_from_user(const char __user *s, size_t count, unsigned int base, int *res);
extern int kstrtou16_from_user(const char __user *s, size_t count, unsigned int base, u16 *res);
extern int kstrtos16_from_user(const char __user *s, size_t count, unsigned int base, s16 *res);
extern int kstrtou8_from_user(const char __user *s, size_t count, unsigned int base, u8 *res);
extern int kstrtos8_from_user(const char __user *s, size_t count, unsigned int base, s8 *res);
extern int kstrtobool_from_user(const char __user *s, size_t count, bool *res);
KLOOM_END_DECLS

#define VERIFY_READ 0
#define VERIFY_WRITE 1

/* True when [addr, addr + size) could be user memory. Linux before 5.0 had a first argument, VERIFY_READ or VERIFY_WRITE. */
#define access_ok(...) __KLOOM_ACCESS_OK(__VA_ARGS__, __kloom_access_ok3, __kloom_access_ok2, )(__VA_ARGS__)
#define __KLOOM_ACCESS_OK(a, b, c, name, ...) name
#define __kloom_access_ok2(addr, size) kloom_access_ok((const void __user *)(unsigned long)(addr), size)
#define __kloom_access_ok3(type, addr, size) ((void)(type), __kloom_access_ok2(addr, size))

/*
 * Return the number of bytes that could not be copied. Macros, so that the size of the caller's object is known.
 * Context: task, may sleep. The _inatomic ones: any.
 */
#define __kloom_copy(object, n, copy) \
	({ \
		unsigned long __copy_size = (n); \
		size_t __copy_room = __builtin_object_size(object, 0); \
		__copy_size > __copy_room ? kloom_copy_overflow(__copy_room, __copy_size) : (copy); \
	})
#define copy_from_user(to, from, n) \
	__kloom_copy(to, n, kloom_copy_from_user((to), (const void __user *)(from), __copy_size, "copy_from_user"))
#define copy_to_user(to, from, n) \
	__kloom_copy(from, n, kloom_copy_to_user((void __user *)(to), (from), __copy_size, "copy_to_user"))
#define __copy_from_user(to, from, n) kloom_copy_from_user(to, from, n, "__copy_from_user")
#define __copy_to_user(to, from, n) kloom_copy_to_user(to, from, n, "__copy_to_user")
#define raw_copy_from_user(to, from, n) kloom_copy_from_user(to, from, n, "raw_copy_from_user")
#define raw_copy_to_user(to, from, n) kloom_copy_to_user(to, from, n, "raw_copy_to_user")
#define __copy_from_user_inatomic(to, from, n) kloom_copy_from_user(to, from, n, NULL)
#define __copy_to_user_inatomic(to, from, n) kloom_copy_to_user(to, from, n, NULL)

/* One value of 1, 2, 4 or 8 bytes: 0 or -EFAULT, and then `x` is 0. Context: task, may sleep. */
#define __kloom_get(x, ptr, name) \
	({ \
		const __typeof__(*(ptr)) __user *__get_from = (ptr); \
		union { \
			u8 one; \
			u16 two; \
			u32 four; \
			u64 eight; \
		} __get_value; \
		__get_value.eight = 0; \
		int __get_error = kloom_get_user(&__get_value, __get_from, sizeof(*__get_from), name); \
		(x) = (__typeof__(*(ptr)))__get_value.eight; \
		__get_error; \
	})
#define __kloom_put(x, ptr, name) \
	({ \
		__typeof__(*(ptr)) __user *__put_to = (ptr); \
		__unqual_scalar_typeof(*(ptr)) __put_value = (__unqual_scalar_typeof(*(ptr)))(x); \
		kloom_put_user(&__put_value, (void __user *)__put_to, sizeof(__put_value), name); \
	})
#define get_user(x, ptr) __kloom_get(x, ptr, "get_user")
#define put_user(x, ptr) __kloom_put(x, ptr, "put_user")
#define __get_user(x, ptr) __kloom_get(x, ptr, "__get_user")
#define __put_user(x, ptr) __kloom_put(x, ptr, "__put_user")

/* A structure that grew over time: `ksize` bytes here, `usize` there; the rest is zero or -E2BIG. Context: task, may sleep. */
static __always_inline int copy_struct_from_user(void *dst, size_t ksize, const void __user *src, size_t usize)
{
	size_t size = ksize < usize ? ksize : usize;
	size_t i;

	for (i = ksize; i < usize; i++) {
		u8 byte;

		if (get_user(byte, (const u8 __user *)src + i))
			return -EFAULT;
		if (byte)
			return -E2BIG;
	}
	for (i = usize; i < ksize; i++)
		((u8 *)dst)[i] = 0;
	return kloom_copy_from_user(dst, src, size, "copy_struct_from_user") ? -EFAULT : 0;
}
