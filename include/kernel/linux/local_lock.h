/*
 * Named critical sections of one CPU: on a kernel without PREEMPT_RT a local_lock_t only switches
 * off preemption or interrupts.
 *
 * Context: any.
 */
#pragma once

#include <linux/irqflags.h>
#include <linux/lockdep_types.h>
#include <linux/preempt.h>

typedef struct {
	struct lockdep_map dep_map;
} local_lock_t;

#define INIT_LOCAL_LOCK(lockname)                                                                  \
	{                                                                                          \
		.dep_map = KLOOM_STATIC_LOCK_MAP(lockname)                                         \
	}
#define local_lock_init(lock) ((void)(lock))

#define local_lock(lock)   ((void)sizeof(*(lock)), preempt_disable())
#define local_unlock(lock) ((void)sizeof(*(lock)), preempt_enable())
#define local_lock_irq(lock)                                                                       \
	do {                                                                                       \
		(void)sizeof(*(lock));                                                             \
		local_irq_disable();                                                               \
	} while (0)
#define local_unlock_irq(lock)                                                                     \
	do {                                                                                       \
		(void)sizeof(*(lock));                                                             \
		local_irq_enable();                                                                \
	} while (0)
#define local_lock_irqsave(lock, flags)                                                            \
	do {                                                                                       \
		(void)sizeof(*(lock));                                                             \
		local_irq_save(flags);                                                             \
	} while (0)
#define local_unlock_irqrestore(lock, flags)                                                       \
	do {                                                                                       \
		(void)sizeof(*(lock));                                                             \
		local_irq_restore(flags);                                                          \
	} while (0)
