/*
 * Cycle counters, and the frequency words of old timer code.
 */
#pragma once

#include <linux/types.h>
#include <linux/jiffies.h>
#include <linux/param.h>
#include <asm/timex.h>

#define PIT_TICK_RATE 1193182UL
#define CLOCK_TICK_RATE PIT_TICK_RATE
