/*
 * Time in nanoseconds as one signed number. Reading the clocks is in linux/timekeeping.h.
 */
#pragma once

#include <linux/jiffies.h>
#include <linux/math64.h>
#include <linux/time.h>
#include <linux/types.h>

typedef s64 ktime_t;

static __always_inline ktime_t ktime_set(const s64 secs, const unsigned long nsecs)
{
	if (unlikely(secs >= KTIME_SEC_MAX))
		return KTIME_MAX;
	return secs * NSEC_PER_SEC + (s64)nsecs;
}

#define ktime_sub(lhs, rhs)	   ((lhs) - (rhs))
#define ktime_add(lhs, rhs)	   ((lhs) + (rhs))
#define ktime_add_unsafe(lhs, rhs) ((ktime_t)((u64)(lhs) + (u64)(rhs)))
#define ktime_add_ns(kt, nsval)	   ((kt) + (nsval))
#define ktime_sub_ns(kt, nsval)	   ((kt) - (nsval))
#define ktime_to_timespec64(kt)	   ns_to_timespec64((kt))
#define ktime_to_timespec(kt)	   ns_to_timespec((kt))
#define ktime_to_timeval(kt)	   ns_to_timeval((kt))

static __always_inline ktime_t timespec64_to_ktime(struct timespec64 ts)
{
	return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec);
}

static __always_inline ktime_t timespec_to_ktime(struct timespec ts)
{
	return ktime_set(ts.tv_sec, (unsigned long)ts.tv_nsec);
}

static __always_inline ktime_t timeval_to_ktime(struct timeval tv)
{
	return ktime_set(tv.tv_sec, (unsigned long)(tv.tv_usec * NSEC_PER_USEC));
}

static __always_inline s64 ktime_to_ns(const ktime_t kt)
{
	return kt;
}

static __always_inline int ktime_compare(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 < cmp2 ? -1 : cmp1 > cmp2;
}

static __always_inline int ktime_equal(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 == cmp2;
}

static __always_inline bool ktime_after(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 > cmp2;
}

static __always_inline bool ktime_before(const ktime_t cmp1, const ktime_t cmp2)
{
	return cmp1 < cmp2;
}

static __always_inline s64 ktime_divns(const ktime_t kt, s64 div)
{
	return kt / div;
}

static __always_inline s64 ktime_to_us(const ktime_t kt)
{
	return kt / NSEC_PER_USEC;
}

static __always_inline s64 ktime_to_ms(const ktime_t kt)
{
	return kt / NSEC_PER_MSEC;
}

static __always_inline s64 ktime_us_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_us(ktime_sub(later, earlier));
}

static __always_inline s64 ktime_ms_delta(const ktime_t later, const ktime_t earlier)
{
	return ktime_to_ms(ktime_sub(later, earlier));
}

static __always_inline ktime_t ktime_add_us(const ktime_t kt, const u64 usec)
{
	return ktime_add_ns(kt, (s64)usec * NSEC_PER_USEC);
}

static __always_inline ktime_t ktime_add_ms(const ktime_t kt, const u64 msec)
{
	return ktime_add_ns(kt, (s64)msec * NSEC_PER_MSEC);
}

static __always_inline ktime_t ktime_sub_us(const ktime_t kt, const u64 usec)
{
	return ktime_sub_ns(kt, (s64)usec * NSEC_PER_USEC);
}

static __always_inline ktime_t ktime_sub_ms(const ktime_t kt, const u64 msec)
{
	return ktime_sub_ns(kt, (s64)msec * NSEC_PER_MSEC);
}

/* A sum that stays at KTIME_MAX instead of overflowing. */
static __always_inline ktime_t ktime_add_safe(const ktime_t lhs, const ktime_t rhs)
{
	ktime_t res = ktime_add_unsafe(lhs, rhs);

	return res < 0 || res < lhs || res < rhs ? ktime_set(KTIME_SEC_MAX, 0) : res;
}

static __always_inline bool ktime_to_timespec64_cond(const ktime_t kt, struct timespec64 *ts)
{
	if (!kt)
		return false;
	*ts = ktime_to_timespec64(kt);
	return true;
}

static __always_inline ktime_t ns_to_ktime(u64 ns)
{
	return (ktime_t)ns;
}

static __always_inline ktime_t us_to_ktime(u64 us)
{
	return (ktime_t)us * NSEC_PER_USEC;
}

static __always_inline ktime_t ms_to_ktime(u64 ms)
{
	return (ktime_t)ms * NSEC_PER_MSEC;
}

#include <linux/timekeeping.h>
