// SPDX-License-Identifier: MIT
// conformance: The count in a completion: complete() twice, complete_all(), reinit, and who takes one
#include <linux/completion.h>
#include <linux/module.h>
#include <linux/sched.h>

static DECLARE_COMPLETION(event);

static void show(const char *what)
{
	pr_info("%-46s done %u, completion_done %d\n", what, event.done, completion_done(&event));
}

static int __init completion_counts_init(void)
{
	DECLARE_COMPLETION_ONSTACK(local);

	show("new");
	pr_info("try_wait %d\n", try_wait_for_completion(&event));
	complete(&event);
	complete(&event);
	show("complete twice");
	wait_for_completion(&event);
	show("wait");
	pr_info("try_wait %d\n", try_wait_for_completion(&event));
	show("try_wait");
	pr_info("try_wait %d\n", try_wait_for_completion(&event));
	pr_info("wait_timeout 0: %lu, 1: %lu\n", wait_for_completion_timeout(&event, 0),
		wait_for_completion_timeout(&event, 1));
	complete(&event);
	pr_info("wait_timeout 0 with one: %lu\n", wait_for_completion_timeout(&event, 0));
	show("after it");
	complete(&event);
	pr_info("wait_timeout 100 with one: %lu\n", wait_for_completion_timeout(&event, 100));
	complete(&event);
	pr_info("interruptible %d\n", wait_for_completion_interruptible(&event));
	complete(&event);
	pr_info("killable %d\n", wait_for_completion_killable(&event));
	complete(&event);
	pr_info("interruptible_timeout 30: %ld\n",
		wait_for_completion_interruptible_timeout(&event, 30));
	pr_info("interruptible_timeout 0 and 1 without: %ld %ld\n",
		wait_for_completion_interruptible_timeout(&event, 0),
		wait_for_completion_interruptible_timeout(&event, 1));
	pr_info("killable_timeout 0 and 1 without: %ld %ld\n",
		wait_for_completion_killable_timeout(&event, 0),
		wait_for_completion_killable_timeout(&event, 1));
	pr_info("io_timeout 1 without: %lu\n", wait_for_completion_io_timeout(&event, 1));
	show("nothing is left");
	complete_all(&event);
	show("complete_all");
	wait_for_completion(&event);
	pr_info("try_wait %d\n", try_wait_for_completion(&event));
	show("after two waits");
	complete(&event);
	show("complete after complete_all");
	complete_all(&event);
	show("complete_all again");
	pr_info("wait_timeout of all time: %d\n",
		wait_for_completion_timeout(&event, MAX_SCHEDULE_TIMEOUT) == MAX_SCHEDULE_TIMEOUT);
	reinit_completion(&event);
	show("reinit");
	complete(&event);
	show("complete");
	complete_all(&event);
	show("complete_all after complete");
	init_completion(&event);
	show("init");
	pr_info("on the stack: done %u\n", local.done);
	complete(&local);
	wait_for_completion(&local);
	pr_info("on the stack: done %u\n", local.done);
	return 0;
}

static void __exit completion_counts_exit(void)
{
}

module_init(completion_counts_init);
module_exit(completion_counts_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The count in a completion");
