/*
 * Mutexes: sleeping locks with an owner. Only the owner may unlock, and it may not take the lock
 * twice.
 *
 * Context: task, may sleep; mutex_trylock() and mutex_unlock() do not sleep but belong in task
 * context too. Differences: a waiter always sleeps (no optimistic spinning).
 */
#pragma once

#include <asm/current.h>
#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/refcount.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

struct mutex {
	/* Number of the path that holds it plus one; 0: unlocked. */
	unsigned int owner;
	/* Points to itself once initialised. Who waits is kept by the machine. */
	struct list_head wait_list;
	struct lockdep_map dep_map;
};

#define __MUTEX_INITIALIZER(lockname)                                                              \
	{                                                                                          \
		.owner = 0, .wait_list = LIST_HEAD_INIT(lockname.wait_list),                       \
		.dep_map = KLOOM_STATIC_LOCK_MAP(lockname)                                         \
	}
#define DEFINE_MUTEX(mutexname) struct mutex mutexname = __MUTEX_INITIALIZER(mutexname)

KLOOM_BEGIN_DECLS
extern void __mutex_init(struct mutex *lock, const char *name, struct lock_class_key *key);
extern void mutex_destroy(struct mutex *lock);

extern void mutex_lock_nested(struct mutex *lock, unsigned int subclass);
/* 0, or -EINTR when a signal (a fatal one for _killable) ended the wait. */
extern int __must_check mutex_lock_interruptible_nested(struct mutex *lock, unsigned int subclass);
extern int __must_check mutex_lock_killable_nested(struct mutex *lock, unsigned int subclass);
/* 1 if it took the lock. */
extern int mutex_trylock(struct mutex *lock);
extern void mutex_unlock(struct mutex *lock);
extern bool mutex_is_locked(struct mutex *lock);
KLOOM_END_DECLS

#define mutex_init(mutex)                                                                          \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__mutex_init((mutex), #mutex, &__key);                                             \
	} while (0)

#define mutex_lock(lock)		     mutex_lock_nested(lock, 0)
#define mutex_lock_interruptible(lock)	     mutex_lock_interruptible_nested(lock, 0)
#define mutex_lock_killable(lock)	     mutex_lock_killable_nested(lock, 0)
#define mutex_lock_io(lock)		     mutex_lock_nested(lock, 0)
#define mutex_lock_io_nested(lock, subclass) mutex_lock_nested(lock, subclass)
/* Under `nest_lock` locks of one class may be taken in any order. */
#define mutex_lock_nest_lock(lock, nest_lock)                                                      \
	(kloom_require_nest_lock(&(nest_lock)->dep_map), mutex_lock_nested(lock, 1))

/* Decrements the counter; 1 if it became 0, and then the mutex is held. Context: task, may sleep.
 */
static __always_inline int atomic_dec_and_mutex_lock(atomic_t *counter, struct mutex *lock)
{
	if (atomic_add_unless(counter, -1, 1))
		return 0;
	mutex_lock(lock);
	if (atomic_dec_and_test(counter))
		return 1;
	mutex_unlock(lock);
	return 0;
}

static __always_inline bool refcount_dec_and_mutex_lock(refcount_t *r, struct mutex *lock)
{
	if (refcount_dec_not_one(r))
		return false;
	mutex_lock(lock);
	if (refcount_dec_and_test(r))
		return true;
	mutex_unlock(lock);
	return false;
}
