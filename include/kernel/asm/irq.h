/* The numbers of interrupt lines; see linux/irqnr.h. */
#pragma once

#include <linux/irqnr.h>

#define NR_IRQS_LEGACY 16
#define irq_canonicalize(irq) ((irq) == 2 ? 9 : (irq))
