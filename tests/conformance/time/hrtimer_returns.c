// SPDX-License-Identifier: MIT
// conformance: what the functions of hrtimers return before, while and after the timer waits, and in its callback
#include <linux/completion.h>
#include <linux/hrtimer.h>
#include <linux/module.h>

static struct hrtimer timer;
static DECLARE_COMPLETION(done);
static int runs;

static void show(const char *what, int result)
{
	pr_info("%s: %d, active %d, queued %d, callback runs %d\n", what, result, hrtimer_active(&timer),
		hrtimer_is_queued(&timer), !!hrtimer_callback_running(&timer));
}

static enum hrtimer_restart run_timer(struct hrtimer *self)
{
	runs++;
	show("in the callback", runs);
	show("hrtimer_try_to_cancel", hrtimer_try_to_cancel(self));
	pr_info("has expired: %d\n", ktime_compare(hrtimer_get_expires(self), ktime_get()) <= 0);
	if (runs == 1) {
		hrtimer_start(self, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED);
		show("hrtimer_start", 0);
		return HRTIMER_NORESTART;
	}
	if (runs == 2) {
		hrtimer_forward_now(self, ms_to_ktime(1));
		return HRTIMER_RESTART;
	}
	if (runs == 3) {
		hrtimer_start(self, ms_to_ktime(2), HRTIMER_MODE_REL_PINNED);
		return HRTIMER_RESTART;
	}
	complete(&done);
	return HRTIMER_NORESTART;
}

static int __init hrtimer_returns_init(void)
{
	hrtimer_init(&timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	timer.function = run_timer;
	show("initialised", 0);
	show("hrtimer_cancel", hrtimer_cancel(&timer));
	show("hrtimer_try_to_cancel", hrtimer_try_to_cancel(&timer));
	hrtimer_start(&timer, ms_to_ktime(100000), HRTIMER_MODE_REL_PINNED);
	show("hrtimer_start", 0);
	pr_info("remaining more than 90 s: %d\n", ktime_to_ms(hrtimer_get_remaining(&timer)) > 90000);
	pr_info("expires remaining more than 90 s: %d\n", ktime_to_ms(hrtimer_expires_remaining(&timer)) > 90000);
	hrtimer_start(&timer, ms_to_ktime(200000), HRTIMER_MODE_REL_PINNED);
	pr_info("started again, remaining more than 190 s: %d\n", ktime_to_ms(hrtimer_get_remaining(&timer)) > 190000);
	show("hrtimer_cancel", hrtimer_cancel(&timer));
	show("hrtimer_cancel", hrtimer_cancel(&timer));
	hrtimer_restart(&timer);
	show("hrtimer_restart", 0);
	pr_info("remaining more than 190 s: %d\n", ktime_to_ms(hrtimer_get_remaining(&timer)) > 190000);
	show("hrtimer_try_to_cancel", hrtimer_try_to_cancel(&timer));
	hrtimer_start_range_ns(&timer, ktime_set(100000, 0), 2000000000, HRTIMER_MODE_ABS);
	pr_info("softexpires %lld, expires %lld\n", ktime_to_ns(hrtimer_get_softexpires(&timer)),
		ktime_to_ns(hrtimer_get_expires(&timer)));
	hrtimer_cancel(&timer);
	hrtimer_start(&timer, KTIME_MAX, HRTIMER_MODE_REL);
	pr_info("expires at most at KTIME_MAX: %d\n", hrtimer_get_expires(&timer) == KTIME_MAX);
	hrtimer_cancel(&timer);

	runs = 0;
	hrtimer_start(&timer, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED);
	wait_for_completion(&done);
	pr_info("hrtimer_cancel: %d, runs %d\n", hrtimer_cancel(&timer), runs);
	return 0;
}

static void __exit hrtimer_returns_exit(void)
{
}

module_init(hrtimer_returns_init);
module_exit(hrtimer_returns_exit);
MODULE_LICENSE("Dual MIT/GPL");
