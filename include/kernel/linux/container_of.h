/*
 * From a member to the structure around it.
 */
#pragma once

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/stddef.h>

#ifdef __cplusplus
#define __container_of_check(ptr, type, member) ((void)0)
#else
#define __container_of_check(ptr, type, member)                                                    \
	_Static_assert(__same_type(*(ptr), ((type *)0)->member) || __same_type(*(ptr), void),      \
		       "pointer type mismatch in container_of()")
#endif

#define container_of(ptr, type, member)                                                            \
	({                                                                                         \
		const void *__mptr = (const void *)(ptr);                                          \
		__container_of_check(ptr, type, member);                                           \
		((type *)((char *)__mptr - offsetof(type, member)));                               \
	})

/* Passes NULL and error pointers through. */
#define container_of_safe(ptr, type, member)                                                       \
	({                                                                                         \
		const void *__mptr = (const void *)(ptr);                                          \
		__container_of_check(ptr, type, member);                                           \
		IS_ERR_OR_NULL(__mptr) ? (type *)__mptr                                            \
				       : ((type *)((char *)__mptr - offsetof(type, member)));      \
	})

#define typeof_member(T, m) __typeof__(((T *)0)->m)
