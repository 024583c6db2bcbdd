/* SPDX-License-Identifier: MIT */
/* What the kernel says about the context that a line of code runs in. */
#pragma once

#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/sched.h>

static inline void show_context(const char *where)
{
	pr_info("%s: count %08x, task %d, hardirq %d, softirq %d, serving %d, interrupt %d, nmi %d, atomic %d, irqs off %d\n",
		where, preempt_count(), !!in_task(), !!in_hardirq(), !!in_softirq(), !!in_serving_softirq(),
		!!in_interrupt(), !!in_nmi(), !!in_atomic(), !!irqs_disabled());
}

static inline void show_counts(const char *where)
{
	pr_info("%s: count %08x: hardirq %lx, softirq %lx, irqs off %d\n", where, preempt_count(),
		(unsigned long)hardirq_count(), (unsigned long)softirq_count(), !!irqs_disabled());
}
