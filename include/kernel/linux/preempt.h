/*
 * Preemption and execution context. preempt_count() of the current path has Linux's layout: 8 bits of preemption depth, 8 bits
 * of softirq (bit 8: a softirq is served; bits 9 and up: bottom halves are off), 4 bits of hardirq nesting, 4 of NMI. Everything
 * that asks where code runs is derived from it.
 *
 * Context: any.
 * Differences: CONFIG_PREEMPT_COUNT holds in every preemption model, so in_atomic() never lies. There are no NMIs.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/irqflags.h>
#include <linux/linkage.h>
#include <linux/types.h>

#define PREEMPT_BITS 8
#define SOFTIRQ_BITS 8
#define HARDIRQ_BITS 4
#define NMI_BITS 4

#define PREEMPT_SHIFT 0
#define SOFTIRQ_SHIFT (PREEMPT_SHIFT + PREEMPT_BITS)
#define HARDIRQ_SHIFT (SOFTIRQ_SHIFT + SOFTIRQ_BITS)
#define NMI_SHIFT (HARDIRQ_SHIFT + HARDIRQ_BITS)

#define __IRQ_MASK(x) ((1UL << (x)) - 1)

#define PREEMPT_MASK (__IRQ_MASK(PREEMPT_BITS) << PREEMPT_SHIFT)
#define SOFTIRQ_MASK (__IRQ_MASK(SOFTIRQ_BITS) << SOFTIRQ_SHIFT)
#define HARDIRQ_MASK (__IRQ_MASK(HARDIRQ_BITS) << HARDIRQ_SHIFT)
#define NMI_MASK (__IRQ_MASK(NMI_BITS) << NMI_SHIFT)

#define PREEMPT_OFFSET (1UL << PREEMPT_SHIFT)
#define SOFTIRQ_OFFSET (1UL << SOFTIRQ_SHIFT)
#define HARDIRQ_OFFSET (1UL << HARDIRQ_SHIFT)
#define NMI_OFFSET (1UL << NMI_SHIFT)

#define SOFTIRQ_DISABLE_OFFSET (2 * SOFTIRQ_OFFSET)
#define PREEMPT_DISABLE_OFFSET PREEMPT_OFFSET
#define PREEMPT_LOCK_OFFSET PREEMPT_DISABLE_OFFSET
#define SOFTIRQ_LOCK_OFFSET (SOFTIRQ_DISABLE_OFFSET + PREEMPT_LOCK_OFFSET)
#define PREEMPT_ENABLED 0
#define PREEMPT_DISABLED PREEMPT_DISABLE_OFFSET

KLOOM_BEGIN_DECLS

int preempt_count(void);
void preempt_count_add(int val);
void preempt_count_sub(int val);
void preempt_count_set(int count);

/* Nest. After the outermost preempt_enable() the task may be preempted at once (full preemption). */
void preempt_disable(void);
void preempt_enable(void);
/* Leaves a preemption that is due to the next preemption point. */
void preempt_enable_no_resched(void);

/*
 * The task stays on its CPU but may be preempted. Nests.
 * Context: task; elsewhere they disable preemption, as in Linux.
 */
void migrate_disable(void);
void migrate_enable(void);

KLOOM_END_DECLS

#define preempt_count_inc() preempt_count_add(1)
#define preempt_count_dec() preempt_count_sub(1)
#define preempt_disable_notrace() preempt_disable()
#define preempt_enable_notrace() preempt_enable()
#define preempt_enable_no_resched_notrace() preempt_enable_no_resched()
#define sched_preempt_enable_no_resched() preempt_enable_no_resched()

static __always_inline unsigned long nmi_count(void)
{
	return preempt_count() & NMI_MASK;
}

static __always_inline unsigned long hardirq_count(void)
{
	return preempt_count() & HARDIRQ_MASK;
}

static __always_inline unsigned long softirq_count(void)
{
	return preempt_count() & SOFTIRQ_MASK;
}

static __always_inline unsigned long irq_count(void)
{
	return preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_MASK);
}

static __always_inline unsigned long in_nmi(void)
{
	return nmi_count();
}

static __always_inline unsigned long in_hardirq(void)
{
	return hardirq_count();
}

static __always_inline unsigned long in_serving_softirq(void)
{
	return softirq_count() & SOFTIRQ_OFFSET;
}

static __always_inline bool in_task(void)
{
	return !(preempt_count() & (NMI_MASK | HARDIRQ_MASK | SOFTIRQ_OFFSET));
}

/* The older words. in_softirq() and in_interrupt() also hold where bottom halves are only disabled. */
static __always_inline unsigned long in_irq(void)
{
	return hardirq_count();
}

static __always_inline unsigned long in_softirq(void)
{
	return softirq_count();
}

static __always_inline unsigned long in_interrupt(void)
{
	return irq_count();
}

static __always_inline bool in_atomic(void)
{
	return preempt_count() != 0;
}

static __always_inline bool in_atomic_preempt_off(void)
{
	return preempt_count() != PREEMPT_DISABLE_OFFSET;
}

static __always_inline bool preemptible(void)
{
	return preempt_count() == 0 && !irqs_disabled();
}
