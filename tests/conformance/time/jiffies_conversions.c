// SPDX-License-Identifier: MIT
// conformance: conversions between jiffies, milliseconds, microseconds, nanoseconds and clock ticks at HZ 250
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/param.h>
#include <linux/time64.h>

static unsigned int values32[] = { 0,	1,	3,	   4,	      5,	 7,	    8,	       9,	  249,
				   250, 999,	1000,	   1001,      3999,	 4000,	    4001,      1000000,	  3999999,
				   4000000,	0x7ffffffe, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff };

static unsigned long values64[] = { 0,	       1,	   3,	     249,	 250,	     251,	 999,	    1000,
				    1001,      3999999,	   4000000,  4000001,	 1000000000, 3999999999, 4000000000,
				    LONG_MAX / 4, LONG_MAX - 1, LONG_MAX };

static void convert_seconds(time64_t sec, long nsec)
{
	struct timespec64 ts = { .tv_sec = sec, .tv_nsec = nsec };
	unsigned long ticks = timespec64_to_jiffies(&ts);

	pr_info("%lld s %ld ns: %lu ticks\n", (long long)sec, nsec, ticks);
	jiffies_to_timespec64(ticks, &ts);
	pr_info("  back: %lld s %ld ns\n", (long long)ts.tv_sec, ts.tv_nsec);
}

static int __init jiffies_conversions_init(void)
{
	size_t index;

	pr_info("HZ %d, USER_HZ %d, MAX_JIFFY_OFFSET %lu, TICK_NSEC %lu\n", HZ, USER_HZ, MAX_JIFFY_OFFSET, TICK_NSEC);
	pr_info("INITIAL_JIFFIES %lx\n", INITIAL_JIFFIES);
	for (index = 0; index < ARRAY_SIZE(values32); index++)
		pr_info("%u: ms %lu ticks, us %lu ticks\n", values32[index], msecs_to_jiffies(values32[index]),
			usecs_to_jiffies(values32[index]));
	for (index = 0; index < ARRAY_SIZE(values64); index++) {
		unsigned long value = values64[index];

		pr_info("%lu ticks: %u ms, %u us, %llu ns, clock %lu\n", value, jiffies_to_msecs(value),
			jiffies_to_usecs(value), jiffies_to_nsecs(value), jiffies_to_clock_t(value));
		pr_info("%lu: ns %llu and %lu ticks, clock_t %lu ticks\n", value, nsecs_to_jiffies64(value),
			nsecs_to_jiffies(value), clock_t_to_jiffies(value));
	}
	pr_info("constants: %lu %lu %lu\n", msecs_to_jiffies(1), msecs_to_jiffies(10), usecs_to_jiffies(20000));
	convert_seconds(0, 0);
	convert_seconds(0, 1);
	convert_seconds(0, 4000000);
	convert_seconds(0, 4000001);
	convert_seconds(0, 999999999);
	convert_seconds(1, 0);
	convert_seconds(123456, 500000000);
	convert_seconds(LONG_MAX / 1000, 0);
	return 0;
}

static void __exit jiffies_conversions_exit(void)
{
}

module_init(jiffies_conversions_init);
module_exit(jiffies_conversions_exit);
MODULE_LICENSE("Dual MIT/GPL");
