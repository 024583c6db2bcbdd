/*
 * The types of the spinning locks and their static initialisers. Zeroed memory is an unlocked lock,
 * as on x86.
 */
#pragma once

#include <linux/lockdep_types.h>
#include <linux/rwlock_types.h>
#include <linux/types.h>

typedef struct raw_spinlock {
	/* Number of the path that holds it plus one; 0: unlocked. */
	unsigned int owner;
	struct lockdep_map dep_map;
} raw_spinlock_t;

/* `dep_map` is that of `rlock`, under the name that lockdep's macros use for every kind of lock. */
typedef struct spinlock {
	union {
		struct raw_spinlock rlock;
		struct {
			unsigned int kloom_owner;
			struct lockdep_map dep_map;
		};
	};
} spinlock_t;

#define __RAW_SPIN_LOCK_INITIALIZER(lockname)                                                      \
	{                                                                                          \
		.owner = 0, .dep_map = KLOOM_STATIC_LOCK_MAP(lockname)                             \
	}
#define __RAW_SPIN_LOCK_UNLOCKED(lockname) (raw_spinlock_t) __RAW_SPIN_LOCK_INITIALIZER(lockname)
#define DEFINE_RAW_SPINLOCK(x)		   raw_spinlock_t x = __RAW_SPIN_LOCK_INITIALIZER(x)

#define __SPIN_LOCK_INITIALIZER(lockname)                                                          \
	{                                                                                          \
		{                                                                                  \
			.rlock = __RAW_SPIN_LOCK_INITIALIZER(lockname)                             \
		}                                                                                  \
	}
#define __SPIN_LOCK_UNLOCKED(lockname) (spinlock_t) __SPIN_LOCK_INITIALIZER(lockname)
#define DEFINE_SPINLOCK(x)	       spinlock_t x = __SPIN_LOCK_INITIALIZER(x)
