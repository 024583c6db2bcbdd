/*
 * Publishing and reading pointers under RCU. The readers' critical sections are in linux/rcupdate.h.
 */
#pragma once

#include <asm/barrier.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define RCU_INITIALIZER(v) (__typeof__(*(v)) __force __rcu *)(v)
#define RCU_POINTER_INITIALIZER(p, v) .p = RCU_INITIALIZER(v)
#define RCU_INIT_POINTER(p, v) WRITE_ONCE(p, (__typeof__(p))(v))

/* Publishes: whoever reads the pointer sees what was written to its target before. Pairs with rcu_dereference(). */
#define rcu_assign_pointer(p, v) \
	do { \
		__atomic_store_n(&(p), (__typeof__(p))(v), __ATOMIC_RELEASE); \
	} while (0)

/*
 * Reads a published pointer. The order of the dependent accesses is part of the value in Linux; here the load is an acquire, which
 * is at least as strong.
 */
#define rcu_dereference_raw(p) ((__typeof__(p))__atomic_load_n(&(p), __ATOMIC_ACQUIRE))
#define rcu_dereference_check(p, c) rcu_dereference_raw(p)
#define rcu_dereference_bh_check(p, c) rcu_dereference_raw(p)
#define rcu_dereference_sched_check(p, c) rcu_dereference_raw(p)
#define rcu_dereference(p) rcu_dereference_raw(p)
#define rcu_dereference_bh(p) rcu_dereference_raw(p)
#define rcu_dereference_sched(p) rcu_dereference_raw(p)
#define rcu_dereference_raw_check(p) rcu_dereference_raw(p)
/* For updaters, which hold the lock that keeps the pointer still. */
#define rcu_dereference_protected(p, c) (p)
#define rcu_replace_pointer(rcu_ptr, ptr, c) \
	({ \
		__typeof__(ptr) __replaced = rcu_dereference_protected((rcu_ptr), (c)); \
		rcu_assign_pointer((rcu_ptr), (ptr)); \
		__replaced; \
	})
/* Only compares: not to be followed. */
#define rcu_access_pointer(p) ((__typeof__(p))READ_ONCE(p))
#define rcu_pointer_handoff(p) (p)
#define lockless_dereference(p) rcu_dereference_raw(p)
