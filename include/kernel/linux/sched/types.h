/*
 * Parameters of scheduling, as the sched_setscheduler() family takes them.
 */
#pragma once

#include <linux/types.h>

#ifdef KLOOM_IMPLEMENTATION
#define sched_param kloom_sched_param
#define sched_attr kloom_sched_attr
#endif

struct sched_param {
	int sched_priority;
};

struct sched_attr {
	u32 size;
	u32 sched_policy;
	u64 sched_flags;
	s32 sched_nice;
	u32 sched_priority;
	u64 sched_runtime;
	u64 sched_deadline;
	u64 sched_period;
	u32 sched_util_min;
	u32 sched_util_max;
};
