/*
 * The clocks in the words of Linux 5.0 (struct timespec and struct timeval), which sources for later versions must not use.
 *
 * Context: any.
 */
#pragma once

#include <linux/time.h>
#include <linux/timekeeping.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(5, 6, 0)

KLOOM_BEGIN_DECLS

unsigned long get_seconds(void);
void getnstimeofday(struct timespec *ts);
void do_gettimeofday(struct timeval *tv);
void ktime_get_ts(struct timespec *ts);
void ktime_get_real_ts(struct timespec *ts);
void getrawmonotonic(struct timespec *ts);
void get_monotonic_boottime(struct timespec *ts);
void getboottime(struct timespec *ts);
struct timespec current_kernel_time(void);
struct timespec get_monotonic_coarse(void);

KLOOM_END_DECLS

#define getnstimeofday64(ts) ktime_get_real_ts64(ts)
#define current_kernel_time64() kloom_current_kernel_time64()
#define get_monotonic_coarse64() kloom_get_monotonic_coarse64()

static __always_inline struct timespec64 kloom_current_kernel_time64(void)
{
	struct timespec64 now;

	ktime_get_coarse_real_ts64(&now);
	return now;
}

static __always_inline struct timespec64 kloom_get_monotonic_coarse64(void)
{
	struct timespec64 now;

	ktime_get_coarse_ts64(&now);
	return now;
}

#endif
