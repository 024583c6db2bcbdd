/*
 * The time stamp counter: 3 GHz of virtual time.
 * Differences: the RDTSC instruction in inline assembly reads the host's counter; these functions do not.
 */
#pragma once

#include <linux/types.h>
#include <linux/compiler.h>

typedef unsigned long long cycles_t;

KLOOM_BEGIN_DECLS

extern unsigned int cpu_khz;
extern unsigned int tsc_khz;

/* Context: any. */
unsigned long long rdtsc(void);

KLOOM_END_DECLS

#define rdtsc_ordered() rdtsc()
#define get_cycles() ((cycles_t)rdtsc())
