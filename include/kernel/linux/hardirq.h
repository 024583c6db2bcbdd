/*
 * Interrupt context; what drivers expect of this header besides preempt.h.
 */
#pragma once

#include <linux/preempt.h>
#include <asm/hardirq.h>

KLOOM_BEGIN_DECLS

/* Wait until no handler of line `irq` runs; see linux/interrupt.h. */
void synchronize_irq(unsigned int irq);
bool synchronize_hardirq(unsigned int irq);

KLOOM_END_DECLS
