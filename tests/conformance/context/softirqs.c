// SPDX-License-Identifier: MIT
// conformance: the context of tasklets, timers, soft hrtimers and RCU callbacks, and what local_bh_enable does to it
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/rcupdate.h>
#include <linux/spinlock.h>
#include <linux/timer.h>

#include "show.h"

static DECLARE_COMPLETION(done);
static DEFINE_SPINLOCK(lock);

static void in_tasklet(struct tasklet_struct *tasklet)
{
	show_context("tasklet");
	local_bh_disable();
	show_context("tasklet, bottom halves disabled");
	local_bh_enable();
	spin_lock_bh(&lock);
	show_context("tasklet, spin_lock_bh");
	spin_unlock_bh(&lock);
	local_irq_disable();
	show_context("tasklet, interrupts disabled");
	local_irq_enable();
}

static void in_high_tasklet(struct tasklet_struct *tasklet)
{
	show_context("high tasklet");
}

static void in_timer(struct timer_list *timer)
{
	show_context("timer");
	complete(&done);
}

static void in_irqsafe_timer(struct timer_list *timer)
{
	show_context("irqsafe timer");
	complete(&done);
}

static enum hrtimer_restart in_soft_hrtimer(struct hrtimer *timer)
{
	show_context("soft hrtimer");
	complete(&done);
	return HRTIMER_NORESTART;
}

static void in_rcu(struct rcu_head *head)
{
	pr_info("rcu callback: in_softirq %d, in_task %d, irqs off %d\n", !!in_softirq(), !!in_task(), !!irqs_disabled());
}

static DECLARE_TASKLET(tasklet, in_tasklet);
static DECLARE_TASKLET(high_tasklet, in_high_tasklet);
static DEFINE_TIMER(timer, in_timer);
static struct timer_list irqsafe;
static struct hrtimer soft;
static struct rcu_head head;

static int __init softirqs_init(void)
{
	local_bh_disable();
	tasklet_schedule(&tasklet);
	tasklet_hi_schedule(&high_tasklet);
	local_bh_enable();

	pr_info("the same with preemption disabled\n");
	preempt_disable();
	spin_lock_bh(&lock);
	tasklet_hi_schedule(&high_tasklet);
	spin_unlock_bh(&lock);
	show_context("after");
	preempt_enable();

	mod_timer(&timer, jiffies + 1);
	wait_for_completion(&done);
	timer_setup(&irqsafe, in_irqsafe_timer, TIMER_IRQSAFE);
	mod_timer(&irqsafe, jiffies + 1);
	wait_for_completion(&done);
	hrtimer_init(&soft, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
	soft.function = in_soft_hrtimer;
	hrtimer_start(&soft, ms_to_ktime(1), HRTIMER_MODE_REL_SOFT);
	wait_for_completion(&done);
	call_rcu(&head, in_rcu);
	rcu_barrier();
	tasklet_kill(&tasklet);
	tasklet_kill(&high_tasklet);
	return 0;
}

static void __exit softirqs_exit(void)
{
}

module_init(softirqs_init);
module_exit(softirqs_exit);
MODULE_LICENSE("Dual MIT/GPL");
