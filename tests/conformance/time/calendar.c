// SPDX-License-Identifier: MIT
// conformance: dates from seconds and seconds from dates, before 1970 and after 2038, and leap years
#include <linux/module.h>
#include <linux/rtc.h>
#include <linux/time.h>

static const time64_t seconds[] = { 0, -1, 1, 86399, 86400, 951782400, 951868800, 1078012800, 2147483647, 2147483648ll,
				    4107542399ll, 4107542400ll, -2208988800ll, -62135596800ll, 253402300799ll,
				    253402300800ll };

static void show_date(time64_t time)
{
	struct rtc_time rtc;
	struct tm tm;

	time64_to_tm(time, 0, &tm);
	pr_info("%lld: %ld-%d-%d %d:%d:%d, day %d of the week, %d of the year\n", (long long)time, tm.tm_year, tm.tm_mon,
		tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, tm.tm_wday, tm.tm_yday);
	time64_to_tm(time, 5400, &tm);
	pr_info("  90 minutes east: %d %d:%d:%d\n", tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
	if (time < 0)
		return;
	rtc_time64_to_tm(time, &rtc);
	pr_info("  rtc: %d-%d-%d %d:%d:%d, valid %d, back %lld\n", rtc.tm_year, rtc.tm_mon, rtc.tm_mday, rtc.tm_hour,
		rtc.tm_min, rtc.tm_sec, rtc_valid_tm(&rtc), (long long)rtc_tm_to_time64(&rtc));
}

static int __init calendar_init(void)
{
	struct rtc_time bad = { .tm_mday = 31, .tm_mon = 1, .tm_year = 100 };
	size_t index;

	for (index = 0; index < ARRAY_SIZE(seconds); index++)
		show_date(seconds[index]);
	pr_info("1970: %lld\n", (long long)mktime64(1970, 1, 1, 0, 0, 0));
	pr_info("before 1970: %lld\n", (long long)mktime64(1969, 12, 31, 23, 59, 59));
	pr_info("leap day 2000: %lld\n", (long long)mktime64(2000, 2, 29, 12, 30, 15));
	pr_info("leap day 1900, which was none: %lld\n", (long long)mktime64(1900, 2, 29, 0, 0, 0));
	pr_info("midnight as 24:00: %lld\n", (long long)mktime64(2001, 1, 31, 24, 0, 0));
	pr_info("2106: %lld\n", (long long)mktime64(2106, 2, 7, 6, 28, 16));
	pr_info("the 31st of February is valid: %d\n", rtc_valid_tm(&bad));
	pr_info("days: %d %d %d, day of the year: %d %d\n", rtc_month_days(1, 2000), rtc_month_days(1, 1900),
		rtc_month_days(11, 2001), rtc_year_days(1, 2, 2000), rtc_year_days(31, 11, 2001));
	return 0;
}

static void __exit calendar_exit(void)
{
}

module_init(calendar_init);
module_exit(calendar_exit);
MODULE_LICENSE("Dual MIT/GPL");
