/*
 * Counting semaphores. They have no owner: any path, interrupt handlers included, may call up().
 * Waiters are served in the order of their arrival.
 */
#pragma once

#include <linux/list.h>
#include <linux/lockdep_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct semaphore {
	raw_spinlock_t lock;
	unsigned int count;
	/* Points to itself once initialised. Who waits is kept by the machine. */
	struct list_head wait_list;
};

#define __SEMAPHORE_INITIALIZER(name, n)                                                           \
	{                                                                                          \
		.lock = __RAW_SPIN_LOCK_INITIALIZER(name.lock), .count = n,                        \
		.wait_list = LIST_HEAD_INIT((name).wait_list)                                      \
	}
/* One argument up to 6.3, two (name and count) from 6.4 on. */
#define __KLOOM_DEFINE_SEMAPHORE(name, n, ...)                                                     \
	struct semaphore name = __SEMAPHORE_INITIALIZER(name, n)
#define DEFINE_SEMAPHORE(args...) __KLOOM_DEFINE_SEMAPHORE(args, 1, )
#define DECLARE_MUTEX(name)	  __KLOOM_DEFINE_SEMAPHORE(name, 1, )

KLOOM_BEGIN_DECLS
extern void kloom_sema_init(struct semaphore *sem, int val, const char *name);

/* Context: task, may sleep. down() sleeps uninterruptibly. */
extern void down(struct semaphore *sem);
/* 0, or -EINTR when a signal (a fatal one for _killable) ended the wait. Context: task, may sleep.
 */
extern int __must_check down_interruptible(struct semaphore *sem);
extern int __must_check down_killable(struct semaphore *sem);
/* 0 if it was taken, 1 if not: the opposite of mutex_trylock(). Context: any. */
extern int __must_check down_trylock(struct semaphore *sem);
/* 0, or -ETIME after `timeout` ticks. Context: task, may sleep. */
extern int __must_check down_timeout(struct semaphore *sem, long timeout);
/* Context: any. */
extern void up(struct semaphore *sem);
KLOOM_END_DECLS

#define sema_init(sem, val)    kloom_sema_init(sem, val, #sem)
#define init_MUTEX(sem)	       sema_init(sem, 1)
#define init_MUTEX_LOCKED(sem) sema_init(sem, 0)
