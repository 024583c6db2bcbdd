/*
 * The tick counter, its comparisons, and conversions between ticks and other units.
 */
#pragma once

#include <asm/param.h>
#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/time.h>
#include <linux/typecheck.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Ticks since the start plus INITIAL_JIFFIES: the counter wraps around after five minutes in 32
 * bits, so that bugs show early. */
extern unsigned long volatile jiffies;
extern u64 jiffies_64;
KLOOM_END_DECLS

#define INITIAL_JIFFIES	 ((unsigned long)(unsigned int)(-300 * HZ))
#define MAX_JIFFY_OFFSET ((LONG_MAX >> 1) - 1)
#define TICK_NSEC	 ((NSEC_PER_SEC + HZ / 2) / HZ)
#define TICK_USEC	 ((USEC_PER_SEC + HZ / 2) / HZ)

static __always_inline u64 get_jiffies_64(void)
{
	return (u64)jiffies;
}

#define time_after(a, b)                                                                           \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((b) - (a)) < 0))
#define time_before(a, b) time_after(b, a)
#define time_after_eq(a, b)                                                                        \
	(typecheck(unsigned long, a) && typecheck(unsigned long, b) && ((long)((a) - (b)) >= 0))
#define time_before_eq(a, b)	     time_after_eq(b, a)
#define time_in_range(a, b, c)	     (time_after_eq(a, b) && time_before_eq(a, c))
#define time_in_range_open(a, b, c)  (time_after_eq(a, b) && time_before(a, c))
#define time_after64(a, b)	     ((s64)((b) - (a)) < 0)
#define time_before64(a, b)	     time_after64(b, a)
#define time_after_eq64(a, b)	     ((s64)((a) - (b)) >= 0)
#define time_before_eq64(a, b)	     time_after_eq64(b, a)
#define time_in_range64(a, b, c)     (time_after_eq64(a, b) && time_before_eq64(a, c))
#define time_is_before_jiffies(a)    time_after(jiffies, a)
#define time_is_after_jiffies(a)     time_before(jiffies, a)
#define time_is_before_eq_jiffies(a) time_after_eq(jiffies, a)
#define time_is_after_eq_jiffies(a)  time_before_eq(jiffies, a)

static __always_inline unsigned int jiffies_to_msecs(const unsigned long j)
{
	return (unsigned int)((MSEC_PER_SEC / HZ) * j);
}

static __always_inline unsigned int jiffies_to_usecs(const unsigned long j)
{
	return (unsigned int)((USEC_PER_SEC / HZ) * j);
}

/* As Linux's, by way of the microseconds above: it wraps around where they do. */
static __always_inline u64 jiffies_to_nsecs(const unsigned long j)
{
	return (u64)jiffies_to_usecs(j) * NSEC_PER_USEC;
}

static __always_inline u64 jiffies64_to_nsecs(u64 j)
{
	return (NSEC_PER_SEC / HZ) * j;
}

static __always_inline u64 jiffies64_to_msecs(u64 j)
{
	return (MSEC_PER_SEC / HZ) * j;
}

/* Conversions to ticks round up; a negative time means "for ever". */
static __always_inline unsigned long msecs_to_jiffies(const unsigned int m)
{
	if ((int)m < 0)
		return MAX_JIFFY_OFFSET;
	return ((unsigned long)m + (MSEC_PER_SEC / HZ) - 1) / (MSEC_PER_SEC / HZ);
}

static __always_inline unsigned long usecs_to_jiffies(const unsigned int u)
{
	if (u > jiffies_to_usecs(MAX_JIFFY_OFFSET))
		return MAX_JIFFY_OFFSET;
	return ((unsigned long)u + (USEC_PER_SEC / HZ) - 1) / (USEC_PER_SEC / HZ);
}

static __always_inline unsigned long secs_to_jiffies(const unsigned int s)
{
	return (unsigned long)s * HZ;
}

/* These two round down. */
static __always_inline u64 nsecs_to_jiffies64(u64 n)
{
	return n / (NSEC_PER_SEC / HZ);
}

static __always_inline unsigned long nsecs_to_jiffies(u64 n)
{
	return (unsigned long)nsecs_to_jiffies64(n);
}

/* Linux counts in units of 2^-23 ticks here, so that it stops at this number of seconds. */
#define KLOOM_MAX_SEC_IN_JIFFIES ((time64_t)((MAX_JIFFY_OFFSET >> 23) / HZ))

static __always_inline unsigned long timespec64_to_jiffies(const struct timespec64 *value)
{
	if (value->tv_sec >= KLOOM_MAX_SEC_IN_JIFFIES)
		return (unsigned long)KLOOM_MAX_SEC_IN_JIFFIES * HZ;
	return (unsigned long)value->tv_sec * HZ +
	       (unsigned long)((value->tv_nsec + TICK_NSEC - 1) / TICK_NSEC);
}

static __always_inline void jiffies_to_timespec64(const unsigned long j, struct timespec64 *value)
{
	value->tv_sec = (time64_t)(j / HZ);
	value->tv_nsec = (long)((j % HZ) * TICK_NSEC);
}

/* struct timespec and struct timeval left the kernel with 5.6; sources for 5.0 use them. */
static __always_inline unsigned long timespec_to_jiffies(const struct timespec *value)
{
	return (unsigned long)value->tv_sec * HZ +
	       (unsigned long)((value->tv_nsec + TICK_NSEC - 1) / TICK_NSEC);
}

static __always_inline void jiffies_to_timespec(const unsigned long j, struct timespec *value)
{
	value->tv_sec = (long)(j / HZ);
	value->tv_nsec = (long)((j % HZ) * TICK_NSEC);
}

static __always_inline unsigned long timeval_to_jiffies(const struct timeval *value)
{
	return (unsigned long)value->tv_sec * HZ +
	       (unsigned long)((value->tv_usec + TICK_USEC - 1) / TICK_USEC);
}

static __always_inline void jiffies_to_timeval(const unsigned long j, struct timeval *value)
{
	value->tv_sec = (long)(j / HZ);
	value->tv_usec = (long)((j % HZ) * TICK_USEC);
}

/* By way of nanoseconds, which wrap around. */
static __always_inline u64 jiffies_64_to_clock_t(u64 x)
{
	return x * TICK_NSEC / (NSEC_PER_SEC / USER_HZ);
}

static __always_inline clock_t jiffies_to_clock_t(unsigned long x)
{
	return (clock_t)jiffies_64_to_clock_t(x);
}

static __always_inline unsigned long clock_t_to_jiffies(unsigned long x)
{
	if (x >= ~0UL / HZ * USER_HZ)
		return ~0UL;
	return x * HZ / USER_HZ;
}

static __always_inline u64 nsec_to_clock_t(u64 x)
{
	return x / (NSEC_PER_SEC / USER_HZ);
}

static __always_inline unsigned long jiffies_delta_to_msecs(long delta)
{
	return jiffies_to_msecs((unsigned long)(delta > 0 ? delta : 0));
}
