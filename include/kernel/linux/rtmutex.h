/*
 * Mutexes with priority inheritance.
 *
 * Context: task, may sleep.
 * Differences: priorities do not decide who runs on the machine, so there is nothing to inherit;
 * otherwise as struct mutex.
 */
#pragma once

#include <linux/mutex.h>

struct rt_mutex {
	struct mutex kloom_mutex;
};

#define __RT_MUTEX_INITIALIZER(mutexname)                                                          \
	{                                                                                          \
		.kloom_mutex = __MUTEX_INITIALIZER(mutexname.kloom_mutex)                          \
	}
#define DEFINE_RT_MUTEX(mutexname) struct rt_mutex mutexname = __RT_MUTEX_INITIALIZER(mutexname)

#define __rt_mutex_init(mutex, name, key) __mutex_init(&(mutex)->kloom_mutex, name, key)
#define rt_mutex_init(mutex)                                                                       \
	do {                                                                                       \
		static struct lock_class_key __key;                                                \
		__rt_mutex_init(mutex, #mutex, &__key);                                            \
	} while (0)
#define rt_mutex_destroy(lock)		     mutex_destroy(&(lock)->kloom_mutex)
#define rt_mutex_lock(lock)		     mutex_lock(&(lock)->kloom_mutex)
#define rt_mutex_lock_nested(lock, subclass) mutex_lock_nested(&(lock)->kloom_mutex, subclass)
#define rt_mutex_lock_interruptible(lock)    mutex_lock_interruptible(&(lock)->kloom_mutex)
#define rt_mutex_lock_killable(lock)	     mutex_lock_killable(&(lock)->kloom_mutex)
#define rt_mutex_trylock(lock)		     mutex_trylock(&(lock)->kloom_mutex)
#define rt_mutex_unlock(lock)		     mutex_unlock(&(lock)->kloom_mutex)
#define rt_mutex_is_locked(lock)	     mutex_is_locked(&(lock)->kloom_mutex)
