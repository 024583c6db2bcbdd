/*
 * The freezer. The machine never suspends, so no task is ever asked to freeze; what remains is that the functions may sleep.
 */
#pragma once

#include <linux/sched.h>
#include <linux/wait.h>

KLOOM_BEGIN_DECLS
/* Allows the running kthread to be frozen; false: nothing is frozen. Context: task, may sleep. */
extern bool set_freezable(void);
extern bool try_to_freeze(void);
KLOOM_END_DECLS

static inline bool freezing(struct task_struct *p)
{
	(void)p;
	return false;
}
#define frozen(p) false

static inline bool freezer_should_skip(struct task_struct *p)
{
	return !!(p->flags & PF_FREEZER_SKIP);
}

static inline void freezer_do_not_count(void)
{
	get_current()->flags |= PF_FREEZER_SKIP;
}

static inline void freezer_count(void)
{
	get_current()->flags &= ~(unsigned int)PF_FREEZER_SKIP;
	try_to_freeze();
}

static __always_inline void freezable_schedule(void)
{
	schedule();
}

static __always_inline long freezable_schedule_timeout(long timeout)
{
	return schedule_timeout(timeout);
}

static __always_inline long freezable_schedule_timeout_interruptible(long timeout)
{
	return schedule_timeout_interruptible(timeout);
}

#define wait_event_freezable(wq_head, condition) wait_event_interruptible(wq_head, condition)
#define wait_event_freezable_timeout(wq_head, condition, timeout) \
	wait_event_interruptible_timeout(wq_head, condition, timeout)
