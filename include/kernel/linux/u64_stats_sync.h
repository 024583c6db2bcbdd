/*
 * Consistent 64-bit statistics. On a 64-bit machine a counter is read and written in one piece, so
 * the synchronisation is empty and a counter update is one instruction.
 *
 * Context: any; updaters of one counter must exclude each other.
 */
#pragma once

#include <linux/types.h>
#include <linux/compiler.h>

struct u64_stats_sync {
	char kloom_unused[0];
};

typedef struct {
	u64 v;
} u64_stats_t;

static __always_inline u64 u64_stats_read(const u64_stats_t *p)
{
	return READ_ONCE(p->v);
}

static __always_inline void u64_stats_set(u64_stats_t *p, u64 val)
{
	WRITE_ONCE(p->v, val);
}

static __always_inline void u64_stats_add(u64_stats_t *p, unsigned long val)
{
	__atomic_fetch_add(&p->v, val, __ATOMIC_RELAXED);
}

static __always_inline void u64_stats_inc(u64_stats_t *p)
{
	u64_stats_add(p, 1);
}

#define u64_stats_init(syncp)			      ((void)(syncp))
#define u64_stats_update_begin(syncp)		      ((void)(syncp))
#define u64_stats_update_end(syncp)		      ((void)(syncp))
#define u64_stats_update_begin_irqsave(syncp)	      ((void)(syncp), 0UL)
#define u64_stats_update_end_irqrestore(syncp, flags) ((void)(syncp), (void)(flags))
#define u64_stats_fetch_begin(syncp)		      ((void)(syncp), 0U)
#define u64_stats_fetch_retry(syncp, start)	      ((void)(syncp), (void)(start), false)
#define u64_stats_fetch_begin_irq(syncp)	      u64_stats_fetch_begin(syncp)
#define u64_stats_fetch_retry_irq(syncp, start)	      u64_stats_fetch_retry(syncp, start)
