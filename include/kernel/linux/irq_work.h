/*
 * Work that is done in hardirq context on the CPU that queued it, as soon as interrupts are on there. It may be queued from
 * anywhere.
 */
#pragma once

#include <linux/types.h>
#include <linux/atomic.h>
#include <linux/bits.h>

#define IRQ_WORK_PENDING BIT(0)
#define IRQ_WORK_BUSY BIT(1)
#define IRQ_WORK_CLAIMED (IRQ_WORK_PENDING | IRQ_WORK_BUSY)

struct irq_work {
	int flags; /* IRQ_WORK_* */
	void (*func)(struct irq_work *work);
};

#define IRQ_WORK_INIT(func_) { 0, (func_) }
#define IRQ_WORK_INIT_HARD(func_) IRQ_WORK_INIT(func_)
#define DEFINE_IRQ_WORK(name, func_) struct irq_work name = IRQ_WORK_INIT(func_)

KLOOM_BEGIN_DECLS

void init_irq_work(struct irq_work *work, void (*func)(struct irq_work *));
/* Return false when it was queued already. Context: any. */
bool irq_work_queue(struct irq_work *work);
bool irq_work_queue_on(struct irq_work *work, int cpu);
/* Waits until the work is neither queued nor running. Context: task with interrupts on. */
void irq_work_sync(struct irq_work *work);
bool irq_work_is_pending(struct irq_work *work);
bool irq_work_is_busy(struct irq_work *work);

KLOOM_END_DECLS
