// SPDX-License-Identifier: MIT
// conformance: the context of hrtimers, irq_work and calls from other CPUs, over what they interrupt
#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/hrtimer.h>
#include <linux/irq_work.h>
#include <linux/kthread.h>
#include <linux/smp.h>

#include "show.h"

static DECLARE_COMPLETION(ready);
static bool is_finished;
static bool has_fired;
static int expected_count;
static int tries;

/* The timer may find the task within a function of the kernel that disables preemption: then once more. */
static enum hrtimer_restart in_hrtimer(struct hrtimer *timer)
{
	if ((preempt_count() & ~HARDIRQ_MASK) != expected_count && ++tries < 100) {
		hrtimer_forward_now(timer, ms_to_ktime(3));
		return HRTIMER_RESTART;
	}
	show_context("hrtimer");
	WRITE_ONCE(has_fired, true);
	return HRTIMER_NORESTART;
}

static void in_irq_work(struct irq_work *work)
{
	show_context("irq_work");
	pr_info("irq_work over %s\n", current->comm);
}

static void in_call(void *where)
{
	show_context(where);
}

static struct hrtimer hrtimer;
static DEFINE_IRQ_WORK(irq_work, in_irq_work);

static void wait_for_hrtimer(void)
{
	expected_count = preempt_count();
	WRITE_ONCE(has_fired, false);
	hrtimer_start(&hrtimer, ms_to_ktime(1), HRTIMER_MODE_REL_PINNED);
	while (!READ_ONCE(has_fired))
		cpu_relax();
}

/* Spins on CPU 2 with preemption enabled, so that it is the task that is interrupted there. */
static int spin(void *unused)
{
	complete(&ready);
	while (!READ_ONCE(is_finished))
		cpu_relax();
	return 0;
}

static void interrupt_this_cpu(void)
{
	pr_info("over the task\n");
	wait_for_hrtimer();
	irq_work_queue(&irq_work);
	irq_work_sync(&irq_work);
	pr_info("over preempt_disable, twice\n");
	preempt_disable();
	preempt_disable();
	wait_for_hrtimer();
	preempt_enable();
	preempt_enable();
	pr_info("over local_bh_disable\n");
	local_bh_disable();
	wait_for_hrtimer();
	local_bh_enable();
}

static int __init hardirqs_init(void)
{
	struct task_struct *thread = kthread_create(spin, NULL, "spinner");

	if (IS_ERR(thread))
		return PTR_ERR(thread);
	get_task_struct(thread);
	kthread_bind(thread, 2);
	wake_up_process(thread);
	wait_for_completion(&ready);
	hrtimer_init(&hrtimer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_PINNED);
	hrtimer.function = in_hrtimer;
	interrupt_this_cpu();
	pr_info("calls\n");
	smp_call_function_single(2, in_call, "called from another CPU", 1);
	smp_call_function_single(1, in_call, "called on this CPU", 1);
	on_each_cpu_mask(cpumask_of(1), in_call, "on_each_cpu_mask, this CPU", 1);
	WRITE_ONCE(is_finished, true);
	put_task_struct(thread);
	return 0;
}

static void __exit hardirqs_exit(void)
{
}

module_init(hardirqs_init);
module_exit(hardirqs_exit);
MODULE_LICENSE("Dual MIT/GPL");
