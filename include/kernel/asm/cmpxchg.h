/*
 * Exchange and compare-and-exchange of any variable of 1, 2, 4 or 8 bytes.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

#define __kloom_xchg(ptr, x, order)                                                                \
	({                                                                                         \
		__typeof__(ptr) __xchg_ptr = (ptr);                                                \
		(__typeof__(*(ptr)))__atomic_exchange_n(__xchg_ptr, (__typeof__(*(ptr)))(x),       \
							order);                                    \
	})
#define xchg(ptr, x)	     __kloom_xchg(ptr, x, __ATOMIC_SEQ_CST)
#define xchg_acquire(ptr, x) __kloom_xchg(ptr, x, __ATOMIC_ACQUIRE)
#define xchg_release(ptr, x) __kloom_xchg(ptr, x, __ATOMIC_RELEASE)
#define xchg_relaxed(ptr, x) __kloom_xchg(ptr, x, __ATOMIC_RELAXED)

/* The value that was there: `o` when the exchange took place. */
#define __kloom_cmpxchg(ptr, o, n, success, failure)                                               \
	({                                                                                         \
		__typeof__(ptr) __cmpxchg_ptr = (ptr);                                             \
		__typeof__(*(ptr)) __cmpxchg_old = (__typeof__(*(ptr)))(o);                        \
		__atomic_compare_exchange_n(__cmpxchg_ptr, &__cmpxchg_old,                         \
					    (__typeof__(*(ptr)))(n), 0, success, failure);         \
		__cmpxchg_old;                                                                     \
	})
#define cmpxchg(ptr, o, n)	     __kloom_cmpxchg(ptr, o, n, __ATOMIC_SEQ_CST, __ATOMIC_RELAXED)
#define cmpxchg_acquire(ptr, o, n)   __kloom_cmpxchg(ptr, o, n, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED)
#define cmpxchg_release(ptr, o, n)   __kloom_cmpxchg(ptr, o, n, __ATOMIC_RELEASE, __ATOMIC_RELAXED)
#define cmpxchg_relaxed(ptr, o, n)   __kloom_cmpxchg(ptr, o, n, __ATOMIC_RELAXED, __ATOMIC_RELAXED)
#define cmpxchg64(ptr, o, n)	     cmpxchg(ptr, o, n)
#define cmpxchg64_relaxed(ptr, o, n) cmpxchg_relaxed(ptr, o, n)
#define cmpxchg_local(ptr, o, n)     cmpxchg_relaxed(ptr, o, n)
#define cmpxchg64_local(ptr, o, n)   cmpxchg_relaxed(ptr, o, n)
#define sync_cmpxchg(ptr, o, n)	     cmpxchg(ptr, o, n)

/* Whether the exchange took place; if not, *oldp becomes the value that was there. */
#define __kloom_try_cmpxchg(ptr, oldp, n, success)                                                 \
	({                                                                                         \
		__typeof__(ptr) __try_ptr = (ptr);                                                 \
		(bool)__atomic_compare_exchange_n(__try_ptr, oldp, (__typeof__(*(ptr)))(n), 0,     \
						  success, __ATOMIC_RELAXED);                      \
	})
#define try_cmpxchg(ptr, oldp, n)	  __kloom_try_cmpxchg(ptr, oldp, n, __ATOMIC_SEQ_CST)
#define try_cmpxchg_acquire(ptr, oldp, n) __kloom_try_cmpxchg(ptr, oldp, n, __ATOMIC_ACQUIRE)
#define try_cmpxchg_release(ptr, oldp, n) __kloom_try_cmpxchg(ptr, oldp, n, __ATOMIC_RELEASE)
#define try_cmpxchg_relaxed(ptr, oldp, n) __kloom_try_cmpxchg(ptr, oldp, n, __ATOMIC_RELAXED)
