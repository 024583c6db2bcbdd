/*
 * Assertions and annotations about locks. The machine knows which locks a path holds, so
 * lockdep_assert_held() and its relatives are real checks (a failed one warns, as with
 * CONFIG_PROVE_LOCKING); classes and subclasses reach the lock-order detector.
 *
 * Context: any.
 */
#pragma once

#include <linux/bug.h>
#include <linux/compiler.h>
#include <linux/debug_locks.h>
#include <linux/instruction_pointer.h>
#include <linux/lockdep_types.h>

#define MAX_LOCKDEP_SUBCLASSES 8UL
#define SINGLE_DEPTH_NESTING   1

#define LOCK_STATE_UNKNOWN  -1
#define LOCK_STATE_NOT_HELD 0
#define LOCK_STATE_HELD	    1

KLOOM_BEGIN_DECLS

/* A class whose locks take part in no lock-order rule. */
extern struct lock_class_key __lockdep_no_validate__;

/*
 * Whether the current path, or one that it interrupted, holds `lock`. `read` is 0 for exclusively,
 * 1 for shared, -1 for either way.
 */
extern int kloom_lock_is_held(const void *lock, int read);

/*
 * Locks that exist only as annotations: taking one never waits. `read` is 0 for exclusively, 1 for
 * shared, 2 for shared and recursively; `check` and `ip` are not used. With the map of a real lock,
 * lock_release() says that the path gives its hold away, and lock_acquire() that the current path
 * takes over the hold that was given away last. When `nest_lock` is not NULL it must be held.
 */
extern void lockdep_init_map(struct lockdep_map *map, const char *name, struct lock_class_key *key,
			     int subclass);
extern void lock_acquire(struct lockdep_map *map, unsigned int subclass, int trylock, int read,
			 int check, struct lockdep_map *nest_lock, unsigned long ip);
extern void lock_release(struct lockdep_map *map, unsigned long ip);
/* A finding when the lock under which others may be taken in any order is not held. */
extern void kloom_require_nest_lock(const struct lockdep_map *nest_lock);

/* The context of the current path. */
extern int kloom_irqs_are_off(void);
extern int kloom_is_preemptible(void);
extern int kloom_in_hardirq(void);
extern int kloom_bh_is_off(void);

KLOOM_END_DECLS

#define lockdep_set_class(lock, key_) ((void)((lock)->dep_map.key = (key_)))
#define lockdep_set_class_and_name(lock, key_, name_)                                              \
	((void)((lock)->dep_map.key = (key_)), (void)((lock)->dep_map.name = (name_)))
#define lockdep_set_class_and_subclass(lock, key_, sub) lockdep_set_class(lock, (key_) + (sub))
#define lockdep_set_novalidate_class(lock)		lockdep_set_class(lock, &__lockdep_no_validate__)
#define lockdep_match_class(lock, key_)			((lock)->dep_map.key == (key_))
#define lockdep_register_key(key)			((void)(key))
#define lockdep_unregister_key(key)			((void)(key))

/* Forgetting classes. The machine knows each only for one execution, and by address. */
#define lockdep_reset()			    ((void)(debug_locks = 1))
#define lockdep_free_key_range(start, size) ((void)(start), (void)(size))
#define lockdep_set_selftest_task(task)	    ((void)(task))

/* With CONFIG_DEBUG_LOCKING_API_SELFTESTS a test may have every read_lock() count as one that may
 * nest. */
#ifdef CONFIG_DEBUG_LOCKING_API_SELFTESTS
KLOOM_BEGIN_DECLS
extern unsigned int force_read_lock_recursive;
KLOOM_END_DECLS
#else
#define force_read_lock_recursive 0
#endif

#define lockdep_is_held(lock)		 kloom_lock_is_held(lock, -1)
#define lockdep_is_held_type(lock, read) kloom_lock_is_held(lock, read)
#define lock_is_held(map)		 kloom_lock_is_held(map, -1)
#define lock_is_held_type(map, read)	 kloom_lock_is_held(map, read)

#define lockdep_assert(cond)		    ((void)WARN_ON(!(cond)))
#define lockdep_assert_once(cond)	    ((void)WARN_ON_ONCE(!(cond)))
#define lockdep_assert_held(lock)	    lockdep_assert(kloom_lock_is_held(lock, -1))
#define lockdep_assert_not_held(lock)	    lockdep_assert(!kloom_lock_is_held(lock, -1))
#define lockdep_assert_held_write(lock)	    lockdep_assert(kloom_lock_is_held(lock, 0))
#define lockdep_assert_held_exclusive(lock) lockdep_assert_held_write(lock)
#define lockdep_assert_held_read(lock)	    lockdep_assert(kloom_lock_is_held(lock, 1))
#define lockdep_assert_held_once(lock)	    lockdep_assert_once(kloom_lock_is_held(lock, -1))
#define lockdep_assert_none_held_once()	    lockdep_assert_once(!kloom_lock_is_held(NULL, -1))

#define lockdep_assert_irqs_enabled()	     lockdep_assert_once(!kloom_irqs_are_off())
#define lockdep_assert_irqs_disabled()	     lockdep_assert_once(kloom_irqs_are_off())
#define lockdep_assert_in_irq()		     lockdep_assert_once(kloom_in_hardirq())
#define lockdep_assert_preemption_enabled()  lockdep_assert_once(kloom_is_preemptible())
#define lockdep_assert_preemption_disabled() lockdep_assert_once(!kloom_is_preemptible())
#define lockdep_assert_in_softirq()	     lockdep_assert_once(kloom_bh_is_off() && !kloom_in_hardirq())

#define lock_acquire_exclusive(l, s, t, n, i)	     lock_acquire(l, s, t, 0, 1, n, i)
#define lock_acquire_shared(l, s, t, n, i)	     lock_acquire(l, s, t, 1, 1, n, i)
#define lock_acquire_shared_recursive(l, s, t, n, i) lock_acquire(l, s, t, 2, 1, n, i)

#define spin_acquire(l, s, t, i)	 lock_acquire_exclusive(l, s, t, NULL, i)
#define spin_acquire_nest(l, s, t, n, i) lock_acquire_exclusive(l, s, t, n, i)
#define spin_release(l, i)		 lock_release(l, i)

#define rwlock_acquire(l, s, t, i) lock_acquire_exclusive(l, s, t, NULL, i)
#define rwlock_release(l, i)	   lock_release(l, i)

#define mutex_acquire(l, s, t, i)	  lock_acquire_exclusive(l, s, t, NULL, i)
#define mutex_acquire_nest(l, s, t, n, i) lock_acquire_exclusive(l, s, t, n, i)
#define mutex_release(l, i)		  lock_release(l, i)

#define rwsem_acquire(l, s, t, i)      lock_acquire_exclusive(l, s, t, NULL, i)
#define rwsem_acquire_read(l, s, t, i) lock_acquire_shared(l, s, t, NULL, i)
#define rwsem_release(l, i)	       lock_release(l, i)

#define lock_map_acquire(map)	   lock_acquire_exclusive(map, 0, 0, NULL, _THIS_IP_)
#define lock_map_acquire_read(map) lock_acquire_shared_recursive(map, 0, 0, NULL, _THIS_IP_)
#define lock_map_release(map)	   lock_release(map, _THIS_IP_)
/* Says that the function may take the lock, so that the order is known even when this call does
 * not. */
#define might_lock(lock)                                                                           \
	do {                                                                                       \
		lock_map_acquire(&(lock)->dep_map);                                                \
		lock_map_release(&(lock)->dep_map);                                                \
	} while (0)
