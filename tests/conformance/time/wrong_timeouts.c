// SPDX-License-Identifier: MIT
// conformance: what schedule_timeout says to a negative timeout and what it leaves behind
#include <linux/completion.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/sched.h>
#include <linux/wait.h>

static DECLARE_COMPLETION(never);
static DECLARE_WAIT_QUEUE_HEAD(queue);
static bool condition;

static int __init wrong_timeouts_init(void)
{
	long left;

	set_current_state(TASK_UNINTERRUPTIBLE);
	left = schedule_timeout(-5);
	pr_info("schedule_timeout(-5): %ld, state %u\n", left, READ_ONCE(current->__state));
	pr_info("wait_for_completion_timeout of 0: %lu\n", wait_for_completion_timeout(&never, 0));
	pr_info("wait_event_timeout of 0: %ld\n", (long)wait_event_timeout(queue, condition, 0));
	condition = true;
	pr_info("wait_event_timeout of 0, true: %ld\n", (long)wait_event_timeout(queue, condition, 0));
	complete(&never);
	pr_info("wait_for_completion_timeout of 0, complete: %lu\n", wait_for_completion_timeout(&never, 0));
	return 0;
}

static void __exit wrong_timeouts_exit(void)
{
}

module_init(wrong_timeouts_init);
module_exit(wrong_timeouts_exit);
MODULE_LICENSE("Dual MIT/GPL");
