// kloom: --bound 0
// Delays and sleeps take at least the time that was asked for, and jiffies follows.
#include <linux/bug.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/module.h>
#include <linux/timekeeping.h>

#define CHECK_DURATION(call, min_us, max_us) \
	do { \
		ktime_t start_ = ktime_get(); \
		s64 us_; \
		call; \
		us_ = ktime_us_delta(ktime_get(), start_); \
		WARN_ON(us_ < (min_us) || us_ > (max_us)); \
	} while (0)

static int __init example_init(void)
{
	unsigned long start = jiffies;
	struct timespec64 ts;

	CHECK_DURATION(udelay(100), 100, 100);
	CHECK_DURATION(mdelay(20), 20000, 20000);
	CHECK_DURATION(ndelay(5000), 5, 5);
	CHECK_DURATION(msleep(100), 100000, 140000);
	CHECK_DURATION(usleep_range(500, 600), 500, 600);
	CHECK_DURATION(fsleep(50), 50, 100);
	CHECK_DURATION(ssleep(1), 1000000, 1040000);
	WARN_ON(msleep_interruptible(10) != 0);
	WARN_ON(time_before(jiffies, start + HZ));

	start = jiffies;
	while (time_before(jiffies, start + 3))
		cpu_relax();
	start = jiffies;
	while (time_before(jiffies, start + 3))
		;

	ktime_get_real_ts64(&ts);
	WARN_ON(ts.tv_sec != ktime_get_real_seconds());
	WARN_ON(ktime_compare(ktime_get_coarse(), ktime_get()) > 0);
	return 0;
}

static void __exit example_exit(void)
{
}

module_init(example_init);
module_exit(example_exit);
MODULE_LICENSE("GPL");
