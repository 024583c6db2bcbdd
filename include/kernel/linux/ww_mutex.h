/*
 * Wound/wait mutexes: several locks of one class, taken in any order, in an acquire context. The
 * older context wins: whoever holds a lock that an older one needs, or needs one that an older one
 * holds, gets -EDEADLK, releases all its locks and begins with the contended one.
 *
 *   DEFINE_WW_CLASS   wound-wait: an older context that has to wait makes the holder give way
 *   DEFINE_WD_CLASS   wait-die: a younger context that would have to wait gives way itself
 *
 * Context: task, may sleep; ww_mutex_trylock() and ww_mutex_unlock() do not sleep.
 * Differences: the checks of CONFIG_DEBUG_MUTEXES are always made, and are findings.
 */
#pragma once

#include <linux/errno.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rtmutex.h>

#define DEBUG_WW_MUTEXES

struct ww_class {
	atomic_long_t stamp; /* of the youngest context */
	struct lock_class_key acquire_key;
	struct lock_class_key mutex_key;
	const char *acquire_name;
	const char *mutex_name;
	unsigned int is_wait_die;
};

struct ww_mutex {
	struct mutex base;
	/* The context in which it is held; NULL: without one, or not at all. */
	struct ww_acquire_ctx *ctx;
	struct ww_class *ww_class;
};

struct ww_acquire_ctx {
	struct task_struct *task;
	unsigned long stamp;	/* the larger, the younger */
	unsigned int acquired;	/* locks it holds */
	unsigned short wounded; /* an older one waits for a lock of it */
	unsigned short is_wait_die;
	unsigned int done_acquire;
	struct ww_class *ww_class;
	/* The lock for which it got -EDEADLK, until it has taken it. */
	void *contending_lock;
	struct lockdep_map dep_map;
};

#define __WW_CLASS_INITIALIZER(ww_class, _is_wait_die)                                             \
	{                                                                                          \
		.stamp = ATOMIC_LONG_INIT(0), .acquire_name = #ww_class "_acquire",                \
		.mutex_name = #ww_class "_mutex", .is_wait_die = _is_wait_die                      \
	}
#define DEFINE_WD_CLASS(classname) struct ww_class classname = __WW_CLASS_INITIALIZER(classname, 1)
#define DEFINE_WW_CLASS(classname) struct ww_class classname = __WW_CLASS_INITIALIZER(classname, 0)

#define __WW_MUTEX_INITIALIZER(lockname, class)                                                    \
	{                                                                                          \
		.base = __MUTEX_INITIALIZER(lockname.base), .ctx = NULL, .ww_class = &(class)      \
	}
#define DEFINE_WW_MUTEX(mutexname, ww_class)                                                       \
	struct ww_mutex mutexname = __WW_MUTEX_INITIALIZER(mutexname, ww_class)

KLOOM_BEGIN_DECLS
extern void ww_mutex_init(struct ww_mutex *lock, struct ww_class *ww_class);

/* Begins and ends the context of the current task, which must be in no other of the class. */
extern void ww_acquire_init(struct ww_acquire_ctx *ctx, struct ww_class *ww_class);
extern void ww_acquire_fini(struct ww_acquire_ctx *ctx);
/* Says that it has taken all its locks. */
extern void ww_acquire_done(struct ww_acquire_ctx *ctx);

/*
 * 0; -EALREADY when the context holds it; -EDEADLK when the context has to give way; -EINTR when a
 * signal ended the wait. `ctx` may be NULL: then it waits like mutex_lock().
 */
extern int ww_mutex_lock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
extern int __must_check ww_mutex_lock_interruptible(struct ww_mutex *lock,
						    struct ww_acquire_ctx *ctx);
/* After -EDEADLK and the release of all others: waits for the contended lock. */
extern void ww_mutex_lock_slow(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
extern int __must_check ww_mutex_lock_slow_interruptible(struct ww_mutex *lock,
							 struct ww_acquire_ctx *ctx);
/* 1 if it took the lock. */
extern int __must_check ww_mutex_trylock(struct ww_mutex *lock, struct ww_acquire_ctx *ctx);
extern void ww_mutex_unlock(struct ww_mutex *lock);
KLOOM_END_DECLS

static __always_inline void ww_mutex_destroy(struct ww_mutex *lock)
{
	mutex_destroy(&lock->base);
}

static __always_inline bool ww_mutex_is_locked(struct ww_mutex *lock)
{
	return mutex_is_locked(&lock->base);
}
