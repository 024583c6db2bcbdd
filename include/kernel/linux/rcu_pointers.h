/*
 * Publishing and reading pointers under RCU. The readers' critical sections are in
 * linux/rcupdate.h.
 */
#pragma once

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Whether the current path is inside a read-side critical section of the kind. Context: any. */
extern int rcu_read_lock_held(void);
extern int rcu_read_lock_bh_held(void);
extern int rcu_read_lock_sched_held(void);
/* Reports a misuse of RCU. Context: any. */
extern void kloom_rcu_misuse(const char *message);
KLOOM_END_DECLS

#define RCU_INITIALIZER(v)	      (__typeof__(*(v)) __force __rcu *)(v)
#define RCU_POINTER_INITIALIZER(p, v) .p = RCU_INITIALIZER(v)
#define RCU_INIT_POINTER(p, v)	      WRITE_ONCE(p, (__typeof__(p))(v))

/* Publishes: whoever reads the pointer sees what was written to its target before. Pairs with
 * rcu_dereference(). */
#define rcu_assign_pointer(p, v)                                                                   \
	do {                                                                                       \
		__atomic_store_n(&(p), (__typeof__(p))(v), __ATOMIC_RELEASE);                      \
	} while (0)

/*
 * Reads a published pointer. The order of the dependent accesses is part of the value in Linux;
 * here the load is an acquire, which is at least as strong.
 */
#define rcu_dereference_raw(p) ((__typeof__(p))__atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define __kloom_rcu_dereference(p, is_safe, text)                                                  \
	({                                                                                         \
		if (!(is_safe))                                                                    \
			kloom_rcu_misuse(text);                                                    \
		rcu_dereference_raw(p);                                                            \
	})
/* Outside of a read-side critical section they are a misuse, unless the condition `c` says why it
 * is safe. */
#define rcu_dereference_check(p, c)                                                                \
	__kloom_rcu_dereference(p, (c) || rcu_read_lock_held(),                                    \
				"rcu_dereference() outside of rcu_read_lock()")
#define rcu_dereference_bh_check(p, c)                                                             \
	__kloom_rcu_dereference(p, (c) || rcu_read_lock_bh_held(),                                 \
				"rcu_dereference_bh() outside of rcu_read_lock_bh()")
#define rcu_dereference_sched_check(p, c)                                                          \
	__kloom_rcu_dereference(p, (c) || rcu_read_lock_sched_held(),                              \
				"rcu_dereference_sched() outside of rcu_read_lock_sched()")
#define rcu_dereference(p)	     rcu_dereference_check(p, 0)
#define rcu_dereference_bh(p)	     rcu_dereference_bh_check(p, 0)
#define rcu_dereference_sched(p)     rcu_dereference_sched_check(p, 0)
#define rcu_dereference_raw_check(p) rcu_dereference_raw(p)
/* For updaters, which hold the lock that keeps the pointer still. */
#define rcu_dereference_protected(p, c)                                                            \
	({                                                                                         \
		if (!(c))                                                                          \
			kloom_rcu_misuse(                                                          \
				"rcu_dereference_protected() without the lock that it names");     \
		(p);                                                                               \
	})
#define rcu_replace_pointer(rcu_ptr, ptr, c)                                                       \
	({                                                                                         \
		__typeof__(ptr) __replaced = rcu_dereference_protected((rcu_ptr), (c));            \
		rcu_assign_pointer((rcu_ptr), (ptr));                                              \
		__replaced;                                                                        \
	})
/* Only compares: not to be followed. */
#define rcu_access_pointer(p)	((__typeof__(p))READ_ONCE(p))
#define rcu_pointer_handoff(p)	(p)
#define lockless_dereference(p) rcu_dereference_raw(p)
