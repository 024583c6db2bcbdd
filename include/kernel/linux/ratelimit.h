/*
 * Limits on the rate of messages, started and ended by hand.
 */
#pragma once

#include <linux/bug.h>
#include <linux/printk.h>
#include <linux/ratelimit_types.h>

static inline void ratelimit_state_init(struct ratelimit_state *rs, int interval, int burst)
{
	rs->interval = interval;
	rs->burst = burst;
	rs->printed = 0;
	rs->missed = 0;
	rs->begin = 0;
	rs->flags = 0;
}

static inline void ratelimit_default_init(struct ratelimit_state *rs)
{
	ratelimit_state_init(rs, DEFAULT_RATELIMIT_INTERVAL, DEFAULT_RATELIMIT_BURST);
}

static inline void ratelimit_set_flags(struct ratelimit_state *rs, unsigned long flags)
{
	rs->flags = flags;
}

#define WARN_ON_RATELIMIT(condition, state)                                                        \
	({                                                                                         \
		bool __rtn_cond = !!(condition);                                                   \
		WARN_ON(__rtn_cond &&__ratelimit(state));                                          \
		__rtn_cond;                                                                        \
	})
#define WARN_RATELIMIT(condition, format, ...)                                                     \
	({                                                                                         \
		static DEFINE_RATELIMIT_STATE(_rs, DEFAULT_RATELIMIT_INTERVAL,                     \
					      DEFAULT_RATELIMIT_BURST);                            \
		int __rtn_cond = !!(condition);                                                    \
		if (unlikely(__rtn_cond && __ratelimit(&_rs)))                                     \
			WARN(__rtn_cond, format, ##__VA_ARGS__);                                   \
		__rtn_cond;                                                                        \
	})
