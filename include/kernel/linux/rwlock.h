/*
 * Spinning reader-writer locks: any number of readers or one writer. Contexts and variants are
 * those of linux/spinlock.h, by which this header is included.
 *
 * Context: any; never sleeps.
 * Differences: a reader gets in whenever no writer holds the lock; a waiting writer does not hold
 * readers up. That Linux's queued locks let it, unless the reader runs in an interrupt or with
 * softirqs off, is known to the lock-order detector.
 */
#pragma once

#include <linux/spinlock.h>

KLOOM_BEGIN_DECLS
extern void kloom_rwlock_init(rwlock_t *lock, const char *name, struct lock_class_key *key);
/* `may_nest`: the reader counts as one that never queues behind a writer, wherever it runs. */
extern void kloom_read_lock(rwlock_t *lock, int context, int may_nest);
extern void kloom_write_lock(rwlock_t *lock, unsigned int subclass, int context);
extern unsigned long kloom_read_lock_irqsave(rwlock_t *lock, int may_nest);
extern unsigned long kloom_write_lock_irqsave(rwlock_t *lock);
extern int kloom_read_trylock(rwlock_t *lock);
extern int kloom_write_trylock(rwlock_t *lock);
extern int kloom_write_trylock_irqsave(rwlock_t *lock, unsigned long *flags);
extern void kloom_read_unlock(rwlock_t *lock, int context);
extern void kloom_write_unlock(rwlock_t *lock, int context);
extern void kloom_read_unlock_irqrestore(rwlock_t *lock, unsigned long flags);
extern void kloom_write_unlock_irqrestore(rwlock_t *lock, unsigned long flags);
extern int kloom_rwlock_is_locked(const rwlock_t *lock);
KLOOM_END_DECLS

#define rwlock_init(lock)                                                                          \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		kloom_rwlock_init((lock), #lock, &__key);                                          \
	} while (0)

#define read_lock(lock)	    kloom_read_lock(lock, KLOOM_LOCK_PLAIN, force_read_lock_recursive != 0)
#define read_lock_bh(lock)  kloom_read_lock(lock, KLOOM_LOCK_BH, force_read_lock_recursive != 0)
#define read_lock_irq(lock) kloom_read_lock(lock, KLOOM_LOCK_IRQ, force_read_lock_recursive != 0)
#define read_lock_irqsave(lock, flags)                                                             \
	do {                                                                                       \
		(void)typecheck(unsigned long, flags);                                             \
		flags = kloom_read_lock_irqsave(lock, force_read_lock_recursive != 0);             \
	} while (0)
#define read_trylock(lock)		    kloom_read_trylock(lock)
#define read_unlock(lock)		    kloom_read_unlock(lock, KLOOM_LOCK_PLAIN)
#define read_unlock_bh(lock)		    kloom_read_unlock(lock, KLOOM_LOCK_BH)
#define read_unlock_irq(lock)		    kloom_read_unlock(lock, KLOOM_LOCK_IRQ)
#define read_unlock_irqrestore(lock, flags) kloom_read_unlock_irqrestore(lock, flags)

#define write_lock(lock)		  kloom_write_lock(lock, 0, KLOOM_LOCK_PLAIN)
#define write_lock_nested(lock, subclass) kloom_write_lock(lock, subclass, KLOOM_LOCK_PLAIN)
#define write_lock_bh(lock)		  kloom_write_lock(lock, 0, KLOOM_LOCK_BH)
#define write_lock_irq(lock)		  kloom_write_lock(lock, 0, KLOOM_LOCK_IRQ)
#define write_lock_irqsave(lock, flags)                                                            \
	do {                                                                                       \
		(void)typecheck(unsigned long, flags);                                             \
		flags = kloom_write_lock_irqsave(lock);                                            \
	} while (0)
#define write_trylock(lock)		     kloom_write_trylock(lock)
#define write_trylock_irqsave(lock, flags)   kloom_write_trylock_irqsave(lock, &(flags))
#define write_unlock(lock)		     kloom_write_unlock(lock, KLOOM_LOCK_PLAIN)
#define write_unlock_bh(lock)		     kloom_write_unlock(lock, KLOOM_LOCK_BH)
#define write_unlock_irq(lock)		     kloom_write_unlock(lock, KLOOM_LOCK_IRQ)
#define write_unlock_irqrestore(lock, flags) kloom_write_unlock_irqrestore(lock, flags)

#define rwlock_is_locked(lock)	  kloom_rwlock_is_locked(lock)
#define rwlock_is_contended(lock) (0)
#define rwlock_needbreak(lock)	  (0)
