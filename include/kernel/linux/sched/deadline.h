/*
 * Questions about deadline tasks.
 */
#pragma once

#include <linux/sched.h>

static inline int dl_prio(int prio)
{
	return prio < MAX_DL_PRIO;
}

static inline int dl_task(struct task_struct *p)
{
	return dl_prio(p->prio);
}

static inline bool dl_time_before(u64 a, u64 b)
{
	return (s64)(a - b) < 0;
}
