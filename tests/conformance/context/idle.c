// SPDX-License-Identifier: MIT
// conformance: which task an interrupt finds on a CPU that has nothing to do, and its context
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/smp.h>

#include "show.h"

#define TRIES_MAX 500

static DECLARE_COMPLETION(done);
static struct hrtimer hrtimer;
static int tries;

static void in_tasklet(struct tasklet_struct *tasklet)
{
	pr_info("tasklet over %s, pid %d, in_task %d, serving %d\n", current->comm, current->pid, !!in_task(),
		!!in_serving_softirq());
	complete(&done);
}

static DECLARE_TASKLET(tasklet, in_tasklet);

static enum hrtimer_restart in_hrtimer(struct hrtimer *timer)
{
	if (!is_idle_task(current) && ++tries < TRIES_MAX) {
		hrtimer_forward_now(timer, ms_to_ktime(2));
		return HRTIMER_RESTART;
	}
	pr_info("hrtimer over %s, pid %d, idle %d, kthread %d\n", current->comm, current->pid, is_idle_task(current),
		!!(current->flags & PF_KTHREAD));
	show_context("hrtimer over an idle CPU");
	tasklet_schedule(&tasklet);
	return HRTIMER_NORESTART;
}

static void start(void *unused)
{
	hrtimer_start(&hrtimer, ms_to_ktime(5), HRTIMER_MODE_REL_PINNED);
}

static int __init idle_init(void)
{
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	hrtimer.function = in_hrtimer;
	smp_call_function_single(3, start, NULL, 1);
	wait_for_completion(&done);
	tasklet_kill(&tasklet);
	return 0;
}

static void __exit idle_exit(void)
{
	hrtimer_cancel(&hrtimer);
}

module_init(idle_init);
module_exit(idle_exit);
MODULE_LICENSE("Dual MIT/GPL");
