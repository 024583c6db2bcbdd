/*
 * Read-copy-update: readers mark a critical section, an updater publishes a new version and waits
 * until every reader that may still see the old one has left. Loads and stores of the pointers are
 * in linux/rcu_pointers.h.
 *
 * Readers may be preempted but may not sleep (CONFIG_PREEMPT_RCU). As in Linux since 4.20, a grace
 * period also waits for code that runs with preemption, softirqs or interrupts off.
 */
#pragma once

#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/preempt.h>
#include <linux/rcu_pointers.h>
#include <linux/types.h>

#define ULONG_CMP_GE(a, b) (ULONG_MAX / 2 >= (a) - (b))
#define ULONG_CMP_LT(a, b) (ULONG_MAX / 2 < (a) - (b))

KLOOM_BEGIN_DECLS

extern struct lockdep_map rcu_lock_map;
extern struct lockdep_map rcu_bh_lock_map;
extern struct lockdep_map rcu_sched_lock_map;

/* Read-side critical sections; they nest. Context: any. */
extern void rcu_read_lock(void);
extern void rcu_read_unlock(void);
extern void rcu_read_lock_bh(void);
extern void rcu_read_unlock_bh(void);
extern void rcu_read_lock_sched(void);
extern void rcu_read_unlock_sched(void);
extern int rcu_read_lock_held(void);
extern int rcu_read_lock_bh_held(void);
extern int rcu_read_lock_sched_held(void);
extern int rcu_read_lock_any_held(void);

/* Returns when every reader that was there at the call has left. Context: task, may sleep. */
extern void synchronize_rcu(void);
extern void synchronize_rcu_expedited(void);

/* Calls func(head) in softirq context after a grace period. Context: any. */
extern void call_rcu(struct rcu_head *head, rcu_callback_t func);
/* Frees `object`, in which `head` lies, after a grace period. Context: any. */
extern void kloom_kfree_rcu(const void *object, struct rcu_head *head);
/* The same without a head: may wait for the grace period. Context: task, may sleep. */
extern void kloom_kfree_rcu_might_sleep(const void *object);
/* Returns when the callbacks that were queued at the call have run. Context: task, may sleep. */
extern void rcu_barrier(void);

/* Grace periods by number: whether the one that a cookie stands for is over. Context: any. */
extern unsigned long get_state_synchronize_rcu(void);
extern unsigned long start_poll_synchronize_rcu(void);
extern bool poll_state_synchronize_rcu(unsigned long oldstate);
/* Waits if it is not. Context: task, may sleep. */
extern void cond_synchronize_rcu(unsigned long oldstate);

KLOOM_END_DECLS

#define rcu_read_lock_sched_notrace()	rcu_read_lock_sched()
#define rcu_read_unlock_sched_notrace() rcu_read_unlock_sched()
#define synchronize_net()		synchronize_rcu()

/* The flavours were one from 4.20 on; their names went in 5.1. */
#define synchronize_sched()	      synchronize_rcu()
#define synchronize_sched_expedited() synchronize_rcu_expedited()
#define synchronize_rcu_bh()	      synchronize_rcu()
#define call_rcu_sched(head, func)    call_rcu(head, func)
#define call_rcu_bh(head, func)	      call_rcu(head, func)
#define call_rcu_hurry(head, func)    call_rcu(head, func)
#define rcu_barrier_sched()	      rcu_barrier()
#define rcu_barrier_bh()	      rcu_barrier()

#define __kloom_kfree_rcu_with_head(ptr, rhf)                                                      \
	do {                                                                                       \
		__typeof__(ptr) ___p = (ptr);                                                      \
		if (___p)                                                                          \
			kloom_kfree_rcu(___p, &___p->rhf);                                         \
	} while (0)
#define __kloom_kfree_rcu_2(ptr, rhf)		  __kloom_kfree_rcu_with_head(ptr, rhf)
#define __kloom_kfree_rcu_1(ptr)		  kloom_kfree_rcu_might_sleep(ptr)
#define __kloom_kfree_rcu_pick(_1, _2, name, ...) name
/* With a head, or (until 6.4) without one. */
#define kfree_rcu(args...)                                                                         \
	__kloom_kfree_rcu_pick(args, __kloom_kfree_rcu_2, __kloom_kfree_rcu_1, )(args)
#define kvfree_rcu(args...)	   kfree_rcu(args)
#define kfree_rcu_mightsleep(ptr)  kloom_kfree_rcu_might_sleep(ptr)
#define kvfree_rcu_mightsleep(ptr) kloom_kfree_rcu_might_sleep(ptr)

#define RCU_LOCKDEP_WARN(c, s)                                                                     \
	do {                                                                                       \
		if (c)                                                                             \
			kloom_rcu_misuse(s);                                                       \
	} while (0)

static inline void rcu_head_init(struct rcu_head *rhp)
{
	rhp->func = NULL;
}

static inline void init_rcu_head(struct rcu_head *head)
{
	(void)head;
}

static inline void destroy_rcu_head(struct rcu_head *head)
{
	(void)head;
}
#define init_rcu_head_on_stack(head)	init_rcu_head(head)
#define destroy_rcu_head_on_stack(head) destroy_rcu_head(head)
