// SPDX-License-Identifier: MIT
// conformance: how far hrtimer_forward moves the expiry and how many overruns it counts, and what a queued timer does
#include <linux/hrtimer.h>
#include <linux/module.h>

struct forward_case {
	s64 expires, now, interval;
};

static const struct forward_case cases[] = {
	{ 1000, 999, 100 },	  { 1000, 1000, 100 },	     { 1000, 1001, 100 },  { 1000, 1099, 100 },
	{ 1000, 1100, 100 },	  { 1000, 1101, 100 },	     { 1000, 2000, 100 },  { 1000, 2000, 1000 },
	{ 1000, 2000, 1001 },	  { 1000, 1999, 999 },	     { 1000, 5000, 1 },	   { 1000, 5000, 0 },
	{ 0, 10000000000, 7 },	  { 0, 10000000000000, 333 }, { 5, 0, 100 },	   { 1000, 1000, KTIME_MAX },
	{ KTIME_MAX - 5, KTIME_MAX, 100 },
};

static struct hrtimer timer;

static enum hrtimer_restart run_timer(struct hrtimer *self)
{
	return HRTIMER_NORESTART;
}

static int __init hrtimer_forward_init(void)
{
	size_t index;
	u64 overruns;

	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	timer.function = run_timer;
	for (index = 0; index < ARRAY_SIZE(cases); index++) {
		hrtimer_set_expires(&timer, cases[index].expires);
		overruns = hrtimer_forward(&timer, cases[index].now, cases[index].interval);
		pr_info("expires %lld, now %lld, interval %lld: overruns %llu, expires %lld\n", cases[index].expires,
			cases[index].now, cases[index].interval, overruns, ktime_to_ns(hrtimer_get_expires(&timer)));
	}
	hrtimer_set_expires(&timer, 1000);
	hrtimer_add_expires(&timer, 500);
	hrtimer_add_expires_ns(&timer, 70);
	pr_info("set and added: %lld\n", ktime_to_ns(hrtimer_get_expires(&timer)));
	hrtimer_set_expires_range_ns(&timer, 1000, 300);
	pr_info("range: soft %lld, hard %lld\n", ktime_to_ns(hrtimer_get_softexpires(&timer)),
		ktime_to_ns(hrtimer_get_expires(&timer)));
	hrtimer_forward(&timer, 1500, 400);
	pr_info("forwarded: soft %lld, hard %lld\n", ktime_to_ns(hrtimer_get_softexpires(&timer)),
		ktime_to_ns(hrtimer_get_expires(&timer)));
	return 0;
}

static void __exit hrtimer_forward_exit(void)
{
}

module_init(hrtimer_forward_init);
module_exit(hrtimer_forward_exit);
MODULE_LICENSE("Dual MIT/GPL");
