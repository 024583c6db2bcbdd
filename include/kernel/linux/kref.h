/*
 * A reference counter for objects, with the function that releases them.
 */
#pragma once

#include <linux/mutex.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

struct kref {
	refcount_t refcount;
};

#define KREF_INIT(n)                                                                               \
	{                                                                                          \
		REFCOUNT_INIT(n)                                                                   \
	}

static __always_inline void kref_init(struct kref *kref)
{
	refcount_set(&kref->refcount, 1);
}

static __always_inline unsigned int kref_read(const struct kref *kref)
{
	return refcount_read(&kref->refcount);
}

static __always_inline void kref_get(struct kref *kref)
{
	refcount_inc(&kref->refcount);
}

/* True when this was the last reference and `release` ran. */
static __always_inline int kref_put(struct kref *kref, void (*release)(struct kref *kref))
{
	if (refcount_dec_and_test(&kref->refcount)) {
		release(kref);
		return 1;
	}
	return 0;
}

/* The same with the lock held while `release` runs, which lets it go. kref_put_mutex() may sleep.
 */
static __always_inline int kref_put_mutex(struct kref *kref, void (*release)(struct kref *kref),
					  struct mutex *lock)
{
	if (refcount_dec_and_mutex_lock(&kref->refcount, lock)) {
		release(kref);
		return 1;
	}
	return 0;
}

static __always_inline int kref_put_lock(struct kref *kref, void (*release)(struct kref *kref),
					 spinlock_t *lock)
{
	if (refcount_dec_and_lock(&kref->refcount, lock)) {
		release(kref);
		return 1;
	}
	return 0;
}

static __always_inline int __must_check kref_get_unless_zero(struct kref *kref)
{
	return refcount_inc_not_zero(&kref->refcount);
}
