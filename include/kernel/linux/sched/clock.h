/*
 * The scheduler's clock: ns since boot, the same on all CPUs of the machine.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Context: any. */
extern unsigned long long sched_clock(void);
extern u64 local_clock(void);
extern u64 cpu_clock(int cpu);
extern u64 running_clock(void);
KLOOM_END_DECLS
#define sched_clock_cpu(cpu) cpu_clock(cpu)
