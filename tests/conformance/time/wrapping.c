// SPDX-License-Identifier: MIT
// conformance: comparing times that wrap around, in unsigned long and in 64 bits, and the clock's own promises
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/timekeeping.h>

static void compare(unsigned long a, unsigned long b)
{
	pr_info("%lx and %lx: after %d, before %d, after_eq %d, before_eq %d\n", a, b, time_after(a, b), time_before(a, b),
		time_after_eq(a, b), time_before_eq(a, b));
	pr_info("  64 bits: after %d, before %d, after_eq %d, before_eq %d\n", time_after64(a, b), time_before64(a, b),
		time_after_eq64(a, b), time_before_eq64(a, b));
}

static int __init wrapping_init(void)
{
	unsigned long now = jiffies;
	ktime_t first, second;

	compare(0, 0);
	compare(1, 0);
	compare(0, ULONG_MAX);
	compare(ULONG_MAX, 0);
	compare(LONG_MAX, 0);
	compare(1ul << 63, 0);
	compare((1ul << 63) + 1, 0);
	compare(5, ULONG_MAX - 5);
	pr_info("in range: %d %d %d %d\n", time_in_range(5, 5, 9), time_in_range(9, 5, 9), time_in_range(4, 5, 9),
		time_in_range(2, ULONG_MAX, 3));
	pr_info("in range, open: %d %d\n", time_in_range_open(9, 5, 9), time_in_range_open(5, 5, 9));
	pr_info("is after: %d, is before: %d\n", time_is_after_jiffies(now + 100000), time_is_before_jiffies(now - 1));
	pr_info("is after or now: %d, is before or now: %d\n", time_is_after_eq_jiffies(now + 100000),
		time_is_before_eq_jiffies(now));
	pr_info("jiffies and jiffies_64 agree: %d\n", time_before_eq64(get_jiffies_64() - now, 100000));
	pr_info("since boot less than an hour: %d\n", now - INITIAL_JIFFIES < 3600ul * HZ);
	first = ktime_get();
	second = ktime_get();
	pr_info("the clock does not go back: %d\n", ktime_compare(second, first) >= 0);
	pr_info("real time is after 2020: %d\n", ktime_get_real_seconds() > mktime64(2020, 1, 1, 0, 0, 0));
	pr_info("boot time and monotonic time are near: %d\n", ktime_ms_delta(ktime_get_boottime(), ktime_get()) < 10000);
	pr_info("coarse time is not later: %d\n", ktime_compare(ktime_get_coarse(), ktime_get()) <= 0);
	return 0;
}

static void __exit wrapping_exit(void)
{
}

module_init(wrapping_init);
module_exit(wrapping_exit);
MODULE_LICENSE("Dual MIT/GPL");
