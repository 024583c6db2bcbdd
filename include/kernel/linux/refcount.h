/*
 * Reference counters that saturate instead of wrapping around; use after zero is a warning of the
 * kernel and so a finding.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

typedef struct refcount_struct {
	atomic_t refs;
} refcount_t;

#define REFCOUNT_INIT(n)                                                                           \
	{                                                                                          \
		ATOMIC_INIT(n)                                                                     \
	}
#define REFCOUNT_MAX	   INT_MAX
#define REFCOUNT_SATURATED (INT_MIN / 2)

static __always_inline void refcount_set(refcount_t *r, int n)
{
	atomic_set(&r->refs, n);
}

static __always_inline unsigned int refcount_read(const refcount_t *r)
{
	return (unsigned int)atomic_read(&r->refs);
}

/* Saturates the counter and tells why. */
#define __refcount_warn_saturate(r, message)                                                       \
	do {                                                                                       \
		refcount_set(r, REFCOUNT_SATURATED);                                               \
		WARN_ONCE(1, "refcount_t: " message ".\n");                                        \
	} while (0)

static __always_inline __must_check bool refcount_add_not_zero(int i, refcount_t *r)
{
	int old = atomic_read(&r->refs);

	do {
		if (!old)
			return false;
	} while (!atomic_try_cmpxchg_relaxed(&r->refs, &old, old + i));
	if (unlikely(old < 0 || old + i < 0))
		__refcount_warn_saturate(r, "saturated; leaking memory");
	return true;
}

static __always_inline void refcount_add(int i, refcount_t *r)
{
	int old = atomic_fetch_add_relaxed(i, &r->refs);

	if (unlikely(!old))
		__refcount_warn_saturate(r, "addition on 0; use-after-free");
	else if (unlikely(old < 0 || old + i < 0))
		__refcount_warn_saturate(r, "saturated; leaking memory");
}

static __always_inline __must_check bool refcount_inc_not_zero(refcount_t *r)
{
	return refcount_add_not_zero(1, r);
}

static __always_inline void refcount_inc(refcount_t *r)
{
	refcount_add(1, r);
}

static __always_inline __must_check bool refcount_sub_and_test(int i, refcount_t *r)
{
	int old = atomic_fetch_sub_release(i, &r->refs);

	if (old == i) {
		smp_acquire__after_ctrl_dep();
		return true;
	}
	if (unlikely(old < 0 || old - i < 0))
		__refcount_warn_saturate(r, "underflow; use-after-free");
	return false;
}

static __always_inline __must_check bool refcount_dec_and_test(refcount_t *r)
{
	return refcount_sub_and_test(1, r);
}

static __always_inline void refcount_dec(refcount_t *r)
{
	if (unlikely(atomic_fetch_sub_release(1, &r->refs) <= 1))
		__refcount_warn_saturate(r, "decrement hit 0; leaking memory");
}

static __always_inline __must_check bool refcount_dec_if_one(refcount_t *r)
{
	int val = 1;

	return atomic_try_cmpxchg_release(&r->refs, &val, 0);
}

static __always_inline __must_check bool refcount_dec_not_one(refcount_t *r)
{
	int val = atomic_read(&r->refs);

	do {
		if (unlikely(val == REFCOUNT_SATURATED))
			return true;
		if (val == 1)
			return false;
	} while (!atomic_try_cmpxchg_release(&r->refs, &val, val - 1));
	return true;
}
