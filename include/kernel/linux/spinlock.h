/*
 * Spinning locks. A path that holds one has preemption disabled; the _bh variants also keep
 * softirqs of their CPU away, the _irq variants interrupts. A path that waits occupies its CPU
 * until the lock is free.
 *
 * Context: any; never sleeps.
 * Differences: the machine grants a free lock to any waiter, not in the order of arrival.
 * Preemption and interrupts are switched off when the lock is taken, not while it is waited for.
 */
#pragma once

#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/linkage.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/spinlock_types.h>
#include <linux/stringify.h>
#include <linux/thread_info.h>
#include <linux/typecheck.h>
#include <asm/barrier.h>

/* What else is switched off with a lock, besides preemption. */
enum kloom_lock_context { KLOOM_LOCK_PLAIN, KLOOM_LOCK_BH, KLOOM_LOCK_IRQ };

KLOOM_BEGIN_DECLS
extern void kloom_spin_lock_init(raw_spinlock_t *lock, const char *name,
				 struct lock_class_key *key);
extern void kloom_spin_lock(raw_spinlock_t *lock, unsigned int subclass, int context);
/* Returns the interrupt flags for the restoring unlock; the trylock stores them and returns 1 if it
 * took the lock. */
extern unsigned long kloom_spin_lock_irqsave(raw_spinlock_t *lock, unsigned int subclass);
extern int kloom_spin_trylock(raw_spinlock_t *lock, int context);
extern int kloom_spin_trylock_irqsave(raw_spinlock_t *lock, unsigned long *flags);
extern void kloom_spin_unlock(raw_spinlock_t *lock, int context);
extern void kloom_spin_unlock_irqrestore(raw_spinlock_t *lock, unsigned long flags);
extern int kloom_spin_is_locked(const raw_spinlock_t *lock);
KLOOM_END_DECLS

#define raw_spin_lock_init(lock)                                                                   \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		kloom_spin_lock_init((lock), #lock, &__key);                                       \
	} while (0)
#define spin_lock_init(lock)                                                                       \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		kloom_spin_lock_init(&(lock)->rlock, #lock, &__key);                               \
	} while (0)

#define raw_spin_lock(lock)		     kloom_spin_lock(lock, 0, KLOOM_LOCK_PLAIN)
#define raw_spin_lock_nested(lock, subclass) kloom_spin_lock(lock, subclass, KLOOM_LOCK_PLAIN)
#define raw_spin_lock_bh(lock)		     kloom_spin_lock(lock, 0, KLOOM_LOCK_BH)
#define raw_spin_lock_irq(lock)		     kloom_spin_lock(lock, 0, KLOOM_LOCK_IRQ)
#define raw_spin_lock_irqsave_nested(lock, flags, subclass)                                        \
	do {                                                                                       \
		(void)typecheck(unsigned long, flags);                                             \
		flags = kloom_spin_lock_irqsave(lock, subclass);                                   \
	} while (0)
#define raw_spin_lock_irqsave(lock, flags)	raw_spin_lock_irqsave_nested(lock, flags, 0)
#define raw_spin_trylock(lock)			kloom_spin_trylock(lock, KLOOM_LOCK_PLAIN)
#define raw_spin_trylock_bh(lock)		kloom_spin_trylock(lock, KLOOM_LOCK_BH)
#define raw_spin_trylock_irq(lock)		kloom_spin_trylock(lock, KLOOM_LOCK_IRQ)
#define raw_spin_trylock_irqsave(lock, flags)	kloom_spin_trylock_irqsave(lock, &(flags))
#define raw_spin_unlock(lock)			kloom_spin_unlock(lock, KLOOM_LOCK_PLAIN)
#define raw_spin_unlock_bh(lock)		kloom_spin_unlock(lock, KLOOM_LOCK_BH)
#define raw_spin_unlock_irq(lock)		kloom_spin_unlock(lock, KLOOM_LOCK_IRQ)
#define raw_spin_unlock_irqrestore(lock, flags) kloom_spin_unlock_irqrestore(lock, flags)
#define raw_spin_is_locked(lock)		kloom_spin_is_locked(lock)
#define raw_spin_is_contended(lock)		(0)
#define assert_raw_spin_locked(lock)		BUG_ON(!kloom_spin_is_locked(lock))

static __always_inline raw_spinlock_t *spinlock_check(spinlock_t *lock)
{
	return &lock->rlock;
}

static __always_inline void spin_lock(spinlock_t *lock)
{
	raw_spin_lock(&lock->rlock);
}

static __always_inline void spin_lock_bh(spinlock_t *lock)
{
	raw_spin_lock_bh(&lock->rlock);
}

static __always_inline void spin_lock_irq(spinlock_t *lock)
{
	raw_spin_lock_irq(&lock->rlock);
}

static __always_inline int spin_trylock(spinlock_t *lock)
{
	return raw_spin_trylock(&lock->rlock);
}

static __always_inline int spin_trylock_bh(spinlock_t *lock)
{
	return raw_spin_trylock_bh(&lock->rlock);
}

static __always_inline int spin_trylock_irq(spinlock_t *lock)
{
	return raw_spin_trylock_irq(&lock->rlock);
}

static __always_inline void spin_unlock(spinlock_t *lock)
{
	raw_spin_unlock(&lock->rlock);
}

static __always_inline void spin_unlock_bh(spinlock_t *lock)
{
	raw_spin_unlock_bh(&lock->rlock);
}

static __always_inline void spin_unlock_irq(spinlock_t *lock)
{
	raw_spin_unlock_irq(&lock->rlock);
}

static __always_inline void spin_unlock_irqrestore(spinlock_t *lock, unsigned long flags)
{
	raw_spin_unlock_irqrestore(&lock->rlock, flags);
}

static __always_inline int spin_is_locked(spinlock_t *lock)
{
	return raw_spin_is_locked(&lock->rlock);
}

/* Ticket order is not modelled, so nobody is ever seen queueing. */
static __always_inline int spin_is_contended(spinlock_t *lock)
{
	(void)lock;
	return 0;
}

static __always_inline int spin_needbreak(spinlock_t *lock)
{
	return spin_is_contended(lock);
}

#define spin_lock_nested(lock, subclass) raw_spin_lock_nested(spinlock_check(lock), subclass)
/* Under `nest_lock` locks of one class may be taken in any order. */
#define spin_lock_nest_lock(lock, nest_lock)                                                       \
	(kloom_require_nest_lock(&(nest_lock)->dep_map),                                           \
	 raw_spin_lock_nested(spinlock_check(lock), 1))
#define spin_lock_irqsave(lock, flags) raw_spin_lock_irqsave(spinlock_check(lock), flags)
#define spin_lock_irqsave_nested(lock, flags, subclass)                                            \
	raw_spin_lock_irqsave_nested(spinlock_check(lock), flags, subclass)
#define spin_trylock_irqsave(lock, flags) raw_spin_trylock_irqsave(spinlock_check(lock), flags)
#define assert_spin_locked(lock)	  assert_raw_spin_locked(&(lock)->rlock)

#include <linux/atomic.h>
#include <linux/refcount.h>
#include <linux/rwlock.h>

/*
 * Decrements the counter; 1 if it became 0, and then the lock is held, with no moment between in
 * which another path could see 0 without the lock.
 */
static __always_inline int atomic_dec_and_lock(atomic_t *atomic, spinlock_t *lock)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock(lock);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock(lock);
	return 0;
}

static __always_inline int kloom_atomic_dec_and_lock_irqsave(atomic_t *atomic, spinlock_t *lock,
							     unsigned long *flags)
{
	if (atomic_add_unless(atomic, -1, 1))
		return 0;
	spin_lock_irqsave(lock, *flags);
	if (atomic_dec_and_test(atomic))
		return 1;
	spin_unlock_irqrestore(lock, *flags);
	return 0;
}
#define atomic_dec_and_lock_irqsave(atomic, lock, flags)                                           \
	kloom_atomic_dec_and_lock_irqsave(atomic, lock, &(flags))

/* The same for reference counters. */
static __always_inline bool refcount_dec_and_lock(refcount_t *r, spinlock_t *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock(lock);
	return false;
}

static __always_inline bool refcount_dec_and_lock_irqsave(refcount_t *r, spinlock_t *lock,
							  unsigned long *flags)
{
	if (refcount_dec_not_one(r))
		return false;
	spin_lock_irqsave(lock, *flags);
	if (refcount_dec_and_test(r))
		return true;
	spin_unlock_irqrestore(lock, *flags);
	return false;
}
