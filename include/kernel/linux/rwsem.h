/*
 * Sleeping reader-writer locks. Waiters queue in the order of their arrival, and a reader waits
 * behind a waiting writer.
 *
 * Context: task, may sleep; the trylocks and releases do not sleep.
 * Differences: a waiter always sleeps (no optimistic spinning, no lock stealing).
 */
#pragma once

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/spinlock_types.h>
#include <linux/types.h>

/* `count` is 0 when the lock is free, RWSEM_WRITER_LOCKED while it is written, else
 * RWSEM_READER_BIAS for each reader. */
#define RWSEM_UNLOCKED_VALUE 0L
#define RWSEM_WRITER_LOCKED  1L
#define RWSEM_READER_BIAS    256L

struct rw_semaphore {
	atomic_long_t count;
	/* Number of the path that holds it for writing plus one; 0: none. */
	unsigned int owner;
	/* Points to itself once initialised. Who waits is kept by the machine. */
	struct list_head wait_list;
	struct lockdep_map dep_map;
};

#define __RWSEM_INITIALIZER(lockname)                                                              \
	{                                                                                          \
		.count = {RWSEM_UNLOCKED_VALUE}, .owner = 0,                                       \
		.wait_list = LIST_HEAD_INIT((lockname).wait_list),                                 \
		.dep_map = KLOOM_STATIC_LOCK_MAP(lockname)                                         \
	}
#define DECLARE_RWSEM(name) struct rw_semaphore name = __RWSEM_INITIALIZER(name)

KLOOM_BEGIN_DECLS
extern void __init_rwsem(struct rw_semaphore *sem, const char *name, struct lock_class_key *key);
extern int rwsem_is_locked(struct rw_semaphore *sem);
extern int rwsem_is_contended(struct rw_semaphore *sem);

extern void down_read_nested(struct rw_semaphore *sem, int subclass);
extern void down_write_nested(struct rw_semaphore *sem, int subclass);
/* 0, or -EINTR when a signal (a fatal one for _killable) ended the wait. */
extern int __must_check down_read_interruptible(struct rw_semaphore *sem);
extern int __must_check down_read_killable_nested(struct rw_semaphore *sem, int subclass);
extern int __must_check down_write_killable_nested(struct rw_semaphore *sem, int subclass);
/* 1 if it took the lock. */
extern int down_read_trylock(struct rw_semaphore *sem);
extern int down_write_trylock(struct rw_semaphore *sem);
extern void up_read(struct rw_semaphore *sem);
extern void up_write(struct rw_semaphore *sem);
/* The writer goes on as a reader, with no writer between. */
extern void downgrade_write(struct rw_semaphore *sem);
/* A read side that another task may release. */
extern void down_read_non_owner(struct rw_semaphore *sem);
extern void up_read_non_owner(struct rw_semaphore *sem);
KLOOM_END_DECLS

#define init_rwsem(sem)                                                                            \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__init_rwsem((sem), #sem, &__key);                                                 \
	} while (0)

#define down_read(sem)		 down_read_nested(sem, 0)
#define down_read_killable(sem)	 down_read_killable_nested(sem, 0)
#define down_write(sem)		 down_write_nested(sem, 0)
#define down_write_killable(sem) down_write_killable_nested(sem, 0)
/* Under `nest_lock` locks of one class may be taken in any order. */
#define down_write_nest_lock(sem, nest_lock)                                                       \
	(kloom_require_nest_lock(&(nest_lock)->dep_map), down_write_nested(sem, 1))
