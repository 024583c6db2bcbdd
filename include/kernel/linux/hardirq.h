/*
 * Interrupt context; what drivers expect of this header besides preempt.h.
 */
#pragma once

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <asm/hardirq.h>

KLOOM_BEGIN_DECLS

/* Wait until no handler of line `irq` runs; see linux/interrupt.h. */
void synchronize_irq(unsigned int irq);
bool synchronize_hardirq(unsigned int irq);

KLOOM_END_DECLS

/* Between them the path counts as a handler. Requires: interrupts are off. */
#define __irq_enter() preempt_count_add(HARDIRQ_OFFSET)
#define __irq_exit()  preempt_count_sub(HARDIRQ_OFFSET)
