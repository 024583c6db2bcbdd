/*
 * The state of a limit on the rate of messages.
 */
#pragma once

#include <asm/param.h>
#include <linux/compiler.h>
#include <linux/types.h>

#define DEFAULT_RATELIMIT_INTERVAL (5 * HZ)
#define DEFAULT_RATELIMIT_BURST	   10
#define RATELIMIT_MSG_ON_RELEASE   BIT(0)

/* At most `burst` messages in `interval` ticks from `begin` on. */
struct ratelimit_state {
	int interval;
	int burst;
	int printed;
	int missed;
	unsigned long begin;
	unsigned long flags;
};

#define RATELIMIT_STATE_INIT_FLAGS(name, interval_init, burst_init, flags_init)                    \
	{                                                                                          \
		(interval_init), (burst_init), 0, 0, 0, (flags_init)                               \
	}
#define RATELIMIT_STATE_INIT(name, interval_init, burst_init)                                      \
	RATELIMIT_STATE_INIT_FLAGS(name, interval_init, burst_init, 0)
#define RATELIMIT_STATE_INIT_DISABLED                                                              \
	RATELIMIT_STATE_INIT(ratelimit_state, 0, DEFAULT_RATELIMIT_BURST)
#define DEFINE_RATELIMIT_STATE(name, interval_init, burst_init)                                    \
	struct ratelimit_state name = RATELIMIT_STATE_INIT(name, interval_init, burst_init)

KLOOM_BEGIN_DECLS
/* Whether the caller may print now. Context: any. */
extern int ___ratelimit(struct ratelimit_state *rs, const char *func);
KLOOM_END_DECLS
#define __ratelimit(state) ___ratelimit(state, __func__)
