/*
 * Sleepable RCU: each srcu_struct is a domain of its own whose readers may sleep.
 *
 * Context: read side any (no NMI); waiting needs a task that may sleep.
 */
#pragma once

#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

struct srcu_struct {
	/* Its address is the domain; readers and grace periods are kept by the machine. */
	struct lockdep_map dep_map;
	/* Grace periods that have begun; its lowest bit is the index of readers that come now. */
	unsigned int srcu_idx;
};

#define __SRCU_STRUCT_INIT(name)                                                                   \
	{                                                                                          \
		.dep_map = KLOOM_STATIC_LOCK_MAP(name), .srcu_idx = 0                              \
	}
#define DEFINE_SRCU(name)	 struct srcu_struct name = __SRCU_STRUCT_INIT(name)
#define DEFINE_STATIC_SRCU(name) static DEFINE_SRCU(name)

KLOOM_BEGIN_DECLS
/* Always 0. Context: any. */
extern int kloom_init_srcu_struct(struct srcu_struct *ssp, const char *name,
				  struct lock_class_key *key);
/* No reader may be left. Context: task, may sleep. */
extern void cleanup_srcu_struct(struct srcu_struct *ssp);

/* Returns the index to be given back. Readers nest and may sleep. */
extern int srcu_read_lock(struct srcu_struct *ssp);
extern void srcu_read_unlock(struct srcu_struct *ssp, int idx);
extern int srcu_read_lock_held(const struct srcu_struct *ssp);

extern void synchronize_srcu(struct srcu_struct *ssp);
extern void synchronize_srcu_expedited(struct srcu_struct *ssp);
/* Calls func(head) after a grace period of the domain, from a worker with softirqs off. Context:
 * any. */
extern void call_srcu(struct srcu_struct *ssp, struct rcu_head *head, rcu_callback_t func);
extern void srcu_barrier(struct srcu_struct *ssp);
KLOOM_END_DECLS

#define init_srcu_struct(ssp)                                                                      \
	({                                                                                         \
		static struct lock_class_key __key;                                                \
		kloom_init_srcu_struct((ssp), #ssp, &__key);                                       \
	})
#define srcu_read_lock_notrace(ssp)	   srcu_read_lock(ssp)
#define srcu_read_unlock_notrace(ssp, idx) srcu_read_unlock(ssp, idx)
#define smp_mb__after_srcu_read_unlock()   smp_mb()

#define srcu_dereference_check(p, ssp, c)                                                          \
	({                                                                                         \
		RCU_LOCKDEP_WARN(!((c) || srcu_read_lock_held(ssp)),                               \
				 "srcu_dereference() outside of srcu_read_lock()");                \
		rcu_dereference_raw(p);                                                            \
	})
#define srcu_dereference(p, ssp)	 srcu_dereference_check(p, ssp, 0)
#define srcu_dereference_notrace(p, ssp) rcu_dereference_raw(p)
