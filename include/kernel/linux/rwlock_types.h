/*
 * The type of the spinning reader-writer lock. Zeroed memory is an unlocked lock.
 */
#pragma once

#include <linux/lockdep_types.h>
#include <linux/types.h>

typedef struct {
	/* Number of the path that holds it for writing plus one; 0: none. */
	unsigned int owner;
	unsigned int readers;
	struct lockdep_map dep_map;
} rwlock_t;

#define __RW_LOCK_UNLOCKED(lockname)                                                               \
	{                                                                                          \
		.owner = 0, .readers = 0, .dep_map = KLOOM_STATIC_LOCK_MAP(lockname)               \
	}
#define DEFINE_RWLOCK(x) rwlock_t x = __RW_LOCK_UNLOCKED(x)
