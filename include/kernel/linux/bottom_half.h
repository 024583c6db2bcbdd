/*
 * Bottom halves (softirqs, tasklets, timers) off and on for the current CPU.
 */
#pragma once

#include <linux/preempt.h>

KLOOM_BEGIN_DECLS

/* Context: any but hardirq. Nest. The outermost local_bh_enable() runs the softirqs that are pending on this CPU. */
void local_bh_disable(void);
void local_bh_enable(void);
/* The two with an amount other than SOFTIRQ_DISABLE_OFFSET (locks take the preemption bit along). `ip` is not used. */
void __local_bh_disable_ip(unsigned long ip, unsigned int cnt);
void __local_bh_enable_ip(unsigned long ip, unsigned int cnt);

KLOOM_END_DECLS

#define _local_bh_enable() preempt_count_sub(SOFTIRQ_DISABLE_OFFSET)
