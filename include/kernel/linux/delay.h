/*
 * Delays. The first family occupies the CPU for the given virtual time (interrupts may come in); the second sleeps.
 */
#pragma once

#include <asm/io.h>
#include <asm/processor.h>
#include <linux/math.h>
#include <linux/sched.h>
#include <linux/jiffies.h>

#define MAX_UDELAY_MS 5

KLOOM_BEGIN_DECLS

/* Busy-wait. Context: any. */
void ndelay(unsigned long nsecs);
void udelay(unsigned long usecs);
void mdelay(unsigned long msecs);

/* Sleep. Context: task, may sleep. */
void msleep(unsigned int msecs);
void ssleep(unsigned int seconds);
void usleep_range(unsigned long min, unsigned long max);
void usleep_range_state(unsigned long min, unsigned long max, unsigned int state);
void usleep_idle_range(unsigned long min, unsigned long max);
/* udelay(), usleep_range() or msleep(), by length. */
void fsleep(unsigned long usecs);
/* Ends early when a signal is pending; returns the milliseconds that were left. */
unsigned long msleep_interruptible(unsigned int msecs);

KLOOM_END_DECLS

#define __udelay(usecs) udelay(usecs)
#define __ndelay(nsecs) ndelay(nsecs)
