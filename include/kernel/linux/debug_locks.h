/*
 * Checks of locks by their own code. On the machine they are always on, and a failed one is a
 * finding; the variables exist for code that reads them.
 *
 * Context: any.
 */
#pragma once

#include <linux/bug.h>
#include <linux/compiler.h>

KLOOM_BEGIN_DECLS

/* 1 until debug_locks_off(). */
extern int debug_locks;
extern int debug_locks_silent;
/* 1 if the checks were on and their reports are wanted. */
extern int debug_locks_off(void);

KLOOM_END_DECLS

#define DEBUG_LOCKS_WARN_ON(c)                                                                     \
	({                                                                                         \
		int __failed = !!(c);                                                              \
		if (__failed && debug_locks_off())                                                 \
			WARN(1, "DEBUG_LOCKS_WARN_ON(%s)", #c);                                    \
		__failed;                                                                          \
	})
#define SMP_DEBUG_LOCKS_WARN_ON(c) DEBUG_LOCKS_WARN_ON(c)
