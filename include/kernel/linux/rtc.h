/*
 * Calendar time as clocks of a computer keep it: conversion and checks. Months count from 0, years
 * from 1900.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/types.h>

struct rtc_time {
	int tm_sec;
	int tm_min;
	int tm_hour;
	int tm_mday;
	int tm_mon;
	int tm_year;
	int tm_wday;
	int tm_yday;
	int tm_isdst;
};

KLOOM_BEGIN_DECLS
extern int rtc_month_days(unsigned int month, unsigned int year);
extern int rtc_year_days(unsigned int day, unsigned int month, unsigned int year);
/* 0, or -EINVAL for a date that does not exist. Context: any. */
extern int rtc_valid_tm(struct rtc_time *tm);
extern time64_t rtc_tm_to_time64(struct rtc_time *tm);
extern void rtc_time64_to_tm(time64_t time, struct rtc_time *tm);
KLOOM_END_DECLS

static inline ktime_t rtc_tm_to_ktime(struct rtc_time tm)
{
	return ktime_set(rtc_tm_to_time64(&tm), 0);
}

static inline struct rtc_time rtc_ktime_to_tm(ktime_t kt)
{
	struct rtc_time tm;

	rtc_time64_to_tm(ktime_divns(kt, NSEC_PER_SEC), &tm);
	return tm;
}

static inline bool is_leap_year(unsigned int year)
{
	return (!(year % 4) && (year % 100)) || !(year % 400);
}

/* The names of 5.0. */
static inline void rtc_time_to_tm(unsigned long time, struct rtc_time *tm)
{
	rtc_time64_to_tm((time64_t)time, tm);
}

static inline int rtc_tm_to_time(struct rtc_time *tm, unsigned long *time)
{
	*time = (unsigned long)rtc_tm_to_time64(tm);
	return 0;
}
