// SPDX-License-Identifier: MIT
// conformance: an init that sleeps for a minute and fails: insmod returns then, on the CPU that it was pinned to
// slow: it sleeps for a minute
// seconds: 90
// drive: taskset -c 3 insmod $MODULE
// drive: echo "insmod has returned"
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/smp.h>

static int __init init_for_a_minute_init(void)
{
	unsigned long begin = jiffies;

	pr_info("on CPU %d\n", get_cpu());
	put_cpu();
	ssleep(60);
	pr_info("on CPU %d, at least 60 s later: %s, at most 70 s: %s\n", get_cpu(),
		time_after_eq(jiffies, begin + 60 * HZ) ? "yes" : "no",
		time_before(jiffies, begin + 70 * HZ) ? "yes" : "no");
	put_cpu();
	return -1;
}

module_init(init_for_a_minute_init);
MODULE_LICENSE("Dual MIT/GPL");
