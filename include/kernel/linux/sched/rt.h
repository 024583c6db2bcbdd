/*
 * Questions about real-time tasks.
 */
#pragma once

#include <linux/sched.h>

#define RR_TIMESLICE (100 * HZ / 1000)

static inline int rt_prio(int prio)
{
	return prio < MAX_RT_PRIO;
}

static inline int rt_task(struct task_struct *p)
{
	return rt_prio(p->prio);
}

static inline bool task_is_realtime(struct task_struct *task)
{
	return task->policy == SCHED_FIFO || task->policy == SCHED_RR || task->policy == SCHED_DEADLINE;
}
