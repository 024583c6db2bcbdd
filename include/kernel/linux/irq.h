/*
 * Interrupt lines beyond requesting them: the trigger types and what may be asked about a line.
 */
#pragma once

#include <linux/cache.h>
#include <linux/spinlock.h>
#include <linux/cpumask.h>
#include <linux/irqreturn.h>
#include <linux/irqnr.h>
#include <linux/interrupt.h>
#include <linux/topology.h>
#include <linux/io.h>
#include <linux/slab.h>
#include <asm/irq.h>

enum {
	IRQ_TYPE_NONE = 0x00000000,
	IRQ_TYPE_EDGE_RISING = 0x00000001,
	IRQ_TYPE_EDGE_FALLING = 0x00000002,
	IRQ_TYPE_EDGE_BOTH = (IRQ_TYPE_EDGE_FALLING | IRQ_TYPE_EDGE_RISING),
	IRQ_TYPE_LEVEL_HIGH = 0x00000004,
	IRQ_TYPE_LEVEL_LOW = 0x00000008,
	IRQ_TYPE_LEVEL_MASK = (IRQ_TYPE_LEVEL_LOW | IRQ_TYPE_LEVEL_HIGH),
	IRQ_TYPE_SENSE_MASK = 0x0000000f,
};

KLOOM_BEGIN_DECLS

/* The trigger type of a requested line is remembered, it changes nothing on the machine. Return 0 or -EINVAL. */
int irq_set_irq_type(unsigned int irq, unsigned int type);
unsigned int irq_get_trigger_type(unsigned int irq);
/* Whether a handler is installed. */
bool irq_has_action(unsigned int irq);

KLOOM_END_DECLS
