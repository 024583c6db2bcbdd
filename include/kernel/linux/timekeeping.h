/*
 * Reading the clocks. All follow the machine's virtual time: monotonic and boot time start at 0 at boot, real time at 1 January
 * 2024 00:00 UTC; raw and fast variants equal the monotonic clock, coarse ones are that of the last tick.
 *
 * Context: any.
 */
#pragma once

#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/time64.h>
#include <linux/types.h>

struct timespec64;

enum tk_offsets {
	TK_OFFS_REAL,
	TK_OFFS_BOOT,
	TK_OFFS_TAI,
	TK_OFFS_MAX,
};

KLOOM_BEGIN_DECLS

ktime_t ktime_get(void);
ktime_t ktime_get_raw(void);
ktime_t ktime_get_real(void);
ktime_t ktime_get_boottime(void);
ktime_t ktime_get_clocktai(void);
ktime_t ktime_get_coarse(void);
ktime_t ktime_get_coarse_real(void);
ktime_t ktime_get_coarse_boottime(void);
ktime_t ktime_get_coarse_clocktai(void);
ktime_t ktime_get_with_offset(enum tk_offsets offs);
ktime_t ktime_get_coarse_with_offset(enum tk_offsets offs);
ktime_t ktime_mono_to_any(ktime_t tmono, enum tk_offsets offs);
u32 ktime_get_resolution_ns(void);

u64 ktime_get_ns(void);
u64 ktime_get_raw_ns(void);
u64 ktime_get_real_ns(void);
u64 ktime_get_boottime_ns(void);
u64 ktime_get_clocktai_ns(void);
u64 ktime_get_coarse_ns(void);
u64 ktime_get_coarse_real_ns(void);
u64 ktime_get_coarse_boottime_ns(void);
u64 ktime_get_mono_fast_ns(void);
u64 ktime_get_raw_fast_ns(void);
u64 ktime_get_boot_fast_ns(void);
u64 ktime_get_real_fast_ns(void);

void ktime_get_ts64(struct timespec64 *ts);
void ktime_get_raw_ts64(struct timespec64 *ts);
void ktime_get_real_ts64(struct timespec64 *ts);
void ktime_get_boottime_ts64(struct timespec64 *ts);
void ktime_get_clocktai_ts64(struct timespec64 *ts);
void ktime_get_coarse_ts64(struct timespec64 *ts);
void ktime_get_coarse_real_ts64(struct timespec64 *ts);
void getboottime64(struct timespec64 *ts);

time64_t ktime_get_seconds(void);
time64_t __ktime_get_real_seconds(void);
time64_t ktime_get_real_seconds(void);
time64_t ktime_get_boottime_seconds(void);
time64_t ktime_get_clocktai_seconds(void);

KLOOM_END_DECLS

#define ktime_mono_to_real(mono) ktime_mono_to_any((mono), TK_OFFS_REAL)
#define ktime_get_boot_ns() ktime_get_boottime_ns()

#include <linux/timekeeping32.h>
