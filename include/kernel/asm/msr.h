/*
 * The time stamp counter, where drivers look for it.
 * Differences: model-specific registers do not exist on the machine.
 */
#pragma once

#include <asm/tsc.h>

#define rdtscl(low) ((low) = (unsigned long)rdtsc())
#define rdtscll(now) ((now) = rdtsc())
