/*
 * Times of every kind: the 64-bit ones, those of sources for 5.0 (struct timespec, struct timeval),
 * the broken-down calendar time and the names of the clocks.
 */
#pragma once

#ifdef KLOOM_IMPLEMENTATION
#include <sys/time.h>
#include <time.h>
#endif

#include <linux/cache.h>
#include <linux/math64.h>
#include <linux/time64.h>
#include <linux/types.h>

#ifndef KLOOM_IMPLEMENTATION
struct timespec {
	__kernel_time_t tv_sec;
	long tv_nsec;
};

struct timeval {
	__kernel_time_t tv_sec;
	__kernel_suseconds_t tv_usec;
};

struct itimerspec {
	struct timespec it_interval;
	struct timespec it_value;
};

struct timezone {
	int tz_minuteswest;
	int tz_dsttime;
};

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define CLOCK_THREAD_CPUTIME_ID	 3
#define CLOCK_MONOTONIC_RAW	 4
#define CLOCK_REALTIME_COARSE	 5
#define CLOCK_MONOTONIC_COARSE	 6
#define CLOCK_BOOTTIME		 7
#define CLOCK_REALTIME_ALARM	 8
#define CLOCK_BOOTTIME_ALARM	 9
#define CLOCK_TAI		 11
#define TIMER_ABSTIME		 0x01
#define KLOOM_STRUCT_TM		 tm
#else
/* The C library's struct tm has other members. */
#define KLOOM_STRUCT_TM kloom_tm
#endif

#ifndef MAX_CLOCKS
#define MAX_CLOCKS 16
#endif

/* Months count from 0, years from 1900, days of the week from Sunday, which is 0. */
struct KLOOM_STRUCT_TM {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	long tm_year;
	int tm_wday;
	int tm_yday;
};

KLOOM_BEGIN_DECLS
/* Seconds since 1970 of a date whose month counts from 1. Context: any. */
extern time64_t mktime64(unsigned int year, unsigned int mon, unsigned int day, unsigned int hour,
			 unsigned int min, unsigned int sec);
extern void time64_to_tm(time64_t totalsecs, int offset, struct KLOOM_STRUCT_TM *result);
KLOOM_END_DECLS

static __always_inline s64 timespec_to_ns(const struct timespec *ts)
{
	return (s64)ts->tv_sec * NSEC_PER_SEC + ts->tv_nsec;
}

static __always_inline s64 timeval_to_ns(const struct timeval *tv)
{
	return (s64)tv->tv_sec * NSEC_PER_SEC + tv->tv_usec * NSEC_PER_USEC;
}

static inline struct timespec ns_to_timespec(s64 nsec)
{
	struct timespec64 wide = ns_to_timespec64(nsec);
	struct timespec ts;

	ts.tv_sec = wide.tv_sec;
	ts.tv_nsec = wide.tv_nsec;
	return ts;
}

static inline struct timeval ns_to_timeval(s64 nsec)
{
	struct timespec64 wide = ns_to_timespec64(nsec);
	struct timeval tv;

	tv.tv_sec = wide.tv_sec;
	tv.tv_usec = wide.tv_nsec / NSEC_PER_USEC;
	return tv;
}

static inline struct timespec timespec64_to_timespec(const struct timespec64 ts64)
{
	struct timespec ts;

	ts.tv_sec = ts64.tv_sec;
	ts.tv_nsec = ts64.tv_nsec;
	return ts;
}

static inline struct timespec64 timespec_to_timespec64(const struct timespec ts)
{
	struct timespec64 ts64;

	ts64.tv_sec = ts.tv_sec;
	ts64.tv_nsec = ts.tv_nsec;
	return ts64;
}

static inline struct timespec timespec_sub(struct timespec lhs, struct timespec rhs)
{
	return ns_to_timespec(timespec_to_ns(&lhs) - timespec_to_ns(&rhs));
}

static inline struct timespec timespec_add(struct timespec lhs, struct timespec rhs)
{
	return ns_to_timespec(timespec_to_ns(&lhs) + timespec_to_ns(&rhs));
}

static __always_inline int timespec_equal(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec == b->tv_sec && a->tv_nsec == b->tv_nsec;
}

static __always_inline int timespec_compare(const struct timespec *lhs, const struct timespec *rhs)
{
	if (lhs->tv_sec != rhs->tv_sec)
		return lhs->tv_sec < rhs->tv_sec ? -1 : 1;
	return (int)(lhs->tv_nsec - rhs->tv_nsec);
}

#define time_after32(a, b)	((s32)((u32)(b) - (u32)(a)) < 0)
#define time_before32(b, a)	time_after32(a, b)
#define time_between32(t, l, h) ((u32)(h) - (u32)(l) >= (u32)(t) - (u32)(l))
