// SPDX-License-Identifier: MIT
// conformance: ktime_t arithmetic and conversions at their limits, and timespec64 beside them
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/time64.h>

static const s64 values[] = { 0, 1, -1, 999, 1000, 1001, -999, -1000, -1001, 999999999, 1000000000, -1000000001,
			      1234567890123456789, KTIME_MAX, KTIME_MIN };

static void show_conversions(s64 ns)
{
	struct timespec64 ts = ns_to_timespec64(ns);

	pr_info("%lld ns: %lld us, %lld ms, timespec %lld %ld\n", ns, ktime_to_us(ns), ktime_to_ms(ns),
		(long long)ts.tv_sec, ts.tv_nsec);
	if (ns > KTIME_MIN)
		pr_info("  back: %lld %lld\n", timespec64_to_ns(&ts), timespec64_to_ktime(ts));
}

static void show_sets(void)
{
	pr_info("set: %lld %lld %lld %lld\n", ktime_set(1, 2), ktime_set(-1, 500000000), ktime_set(KTIME_SEC_MAX, 0),
		ktime_set(KTIME_SEC_MAX - 1, 999999999));
	pr_info("from: %lld %lld\n", ms_to_ktime(1500), ns_to_ktime(77));
	pr_info("add: %lld %lld %lld %lld\n", ktime_add(5, -7), ktime_add_ns(5, 3), ktime_add_us(5, 3),
		ktime_add_ms(5, 3));
	pr_info("sub: %lld %lld %lld %lld\n", ktime_sub(5, 7), ktime_sub_ns(5, 3), ktime_sub_us(5, 3),
		ktime_sub_ms(5, 3));
	pr_info("safe add: %lld %lld\n", ktime_add_safe(KTIME_MAX, 1), ktime_add_safe(1, 2));
	pr_info("unsafe add: %lld\n", ktime_add_unsafe(KTIME_MAX, 1));
	pr_info("delta: %lld %lld\n", ktime_us_delta(3000000, 1000), ktime_ms_delta(1, 3000000));
	pr_info("compare: %d %d %d, after %d, before %d\n", ktime_compare(1, 2), ktime_compare(2, 2), ktime_compare(3, 2),
		ktime_after(3, 2), ktime_before(3, 2));
	pr_info("divns: %lld %lld, divide: %lld\n", ktime_divns(1000000007, 1000), ktime_divns(-1000000007, 1000),
		div_s64(-7, 2));
}

static void show_timespecs(void)
{
	struct timespec64 a = { 5, 700000000 }, b = { 3, 900000000 }, sum, difference, normal;

	sum = timespec64_add(a, b);
	difference = timespec64_sub(b, a);
	pr_info("sum %lld %ld, difference %lld %ld\n", (long long)sum.tv_sec, sum.tv_nsec, (long long)difference.tv_sec,
		difference.tv_nsec);
	set_normalized_timespec64(&normal, 10, -1500000000);
	pr_info("normalized %lld %ld\n", (long long)normal.tv_sec, normal.tv_nsec);
	set_normalized_timespec64(&normal, -10, 2500000000ll);
	pr_info("normalized %lld %ld\n", (long long)normal.tv_sec, normal.tv_nsec);
	timespec64_add_ns(&a, 5300000000ull);
	pr_info("with ns added %lld %ld\n", (long long)a.tv_sec, a.tv_nsec);
	pr_info("compare %d %d, equal %d %d\n", timespec64_compare(&a, &b) > 0, timespec64_compare(&b, &a) < 0,
		timespec64_equal(&a, &a), timespec64_equal(&a, &b));
	normal = (struct timespec64){ 1, NSEC_PER_SEC };
	pr_info("valid %d %d %d\n", timespec64_valid(&a), timespec64_valid(&normal),
		timespec64_valid(&(struct timespec64){ -1, 5 }));
	pr_info("strict %d %d\n", timespec64_valid_strict(&a),
		timespec64_valid_strict(&(struct timespec64){ KTIME_SEC_MAX, 0 }));
}

static int __init ktime_arithmetic_init(void)
{
	size_t index;

	for (index = 0; index < ARRAY_SIZE(values); index++)
		show_conversions(values[index]);
	show_sets();
	show_timespecs();
	return 0;
}

static void __exit ktime_arithmetic_exit(void)
{
}

module_init(ktime_arithmetic_init);
module_exit(ktime_arithmetic_exit);
MODULE_LICENSE("Dual MIT/GPL");
