/*
 * The interrupt lines: 256 of them, numbered from 0; all exist.
 */
#pragma once

#include <linux/compiler.h>

#define NR_IRQS 256
#define nr_irqs NR_IRQS
#define for_each_irq_nr(irq) for (irq = 0; irq < nr_irqs; irq++)
