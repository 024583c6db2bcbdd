/*
 * The interrupt flag of the current CPU, and saving and restoring it. A flags word is x86's: bit 9 is set while interrupts are on.
 *
 * Context: any.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/typecheck.h>
#include <linux/types.h>

#define X86_EFLAGS_IF 0x200UL

KLOOM_BEGIN_DECLS

void local_irq_disable(void);
void local_irq_enable(void);
bool irqs_disabled(void);

unsigned long kloom_local_save_flags(void);
unsigned long kloom_local_irq_save(void);
void kloom_local_irq_restore(unsigned long flags);

/* Between them the path counts as a softirq's for the rules about locks. Nest. */
void lockdep_softirq_enter(void);
void lockdep_softirq_exit(void);

KLOOM_END_DECLS

/* Says of a handler that PREEMPT_RT would give it a thread. */
#define lockdep_hardirq_threaded() ((void)0)

#define local_irq_save(flags) \
	do { \
		typecheck(unsigned long, flags); \
		flags = kloom_local_irq_save(); \
	} while (0)
#define local_irq_restore(flags) \
	do { \
		typecheck(unsigned long, flags); \
		kloom_local_irq_restore(flags); \
	} while (0)
#define local_save_flags(flags) \
	do { \
		typecheck(unsigned long, flags); \
		flags = kloom_local_save_flags(); \
	} while (0)
#define irqs_disabled_flags(flags) (!((flags) & X86_EFLAGS_IF))

#define raw_local_irq_disable() local_irq_disable()
#define raw_local_irq_enable() local_irq_enable()
#define raw_local_irq_save(flags) local_irq_save(flags)
#define raw_local_irq_restore(flags) local_irq_restore(flags)
#define raw_local_save_flags(flags) local_save_flags(flags)
#define raw_irqs_disabled() irqs_disabled()
#define raw_irqs_disabled_flags(flags) irqs_disabled_flags(flags)
#define arch_local_irq_save() kloom_local_irq_save()
#define arch_local_irq_restore(flags) kloom_local_irq_restore(flags)
#define arch_local_irq_disable() local_irq_disable()
#define arch_local_irq_enable() local_irq_enable()
#define arch_irqs_disabled() irqs_disabled()
