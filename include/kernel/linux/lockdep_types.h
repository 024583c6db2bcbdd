/*
 * The class of a lock, for the rules about the order in which locks are taken. All locks that one
 * initialisation in the source makes belong to one class, whose key is a static object at that
 * place; a statically defined lock is a class of its own.
 */
#pragma once

#include <linux/types.h>

struct lock_class_key {
	char kloom_identity;
};

/* Embedded in every lock. `key` is NULL when the lock itself is the key; `name` is NULL if it was
 * never initialised. */
struct lockdep_map {
	struct lock_class_key *key;
	const char *name;
};

#define STATIC_LOCKDEP_MAP_INIT(_name, _key)                                                       \
	{                                                                                          \
		.key = (struct lock_class_key *)(_key), .name = _name                              \
	}
#define KLOOM_STATIC_LOCK_MAP(_name)                                                               \
	{                                                                                          \
		.key = NULL, .name = #_name                                                        \
	}
