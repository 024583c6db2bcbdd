// SPDX-License-Identifier: MIT
// conformance: what saving, restoring and enabling interrupts in odd orders leaves behind
#include <linux/irqflags.h>
#include <linux/spinlock.h>

#include "show.h"

static DEFINE_SPINLOCK(first);
static DEFINE_SPINLOCK(second);

static void show_flag(const char *where)
{
	pr_info("%s: irqs off %d\n", where, !!irqs_disabled());
}

static void nest_saves(void)
{
	unsigned long outer, inner;

	local_irq_save(outer);
	local_irq_save(inner);
	show_flag("saved twice");
	pr_info("flags of the outer save: off %d, of the inner one: off %d\n", !!irqs_disabled_flags(outer),
		!!irqs_disabled_flags(inner));
	pr_info("interrupt bit %lx and %lx\n", outer & 0x200, inner & 0x200);
	local_irq_restore(inner);
	show_flag("inner restored");
	local_irq_restore(outer);
	show_flag("outer restored");
	local_irq_save(outer);
	local_irq_save(inner);
	local_irq_restore(outer);
	show_flag("outer restored first");
	local_irq_restore(inner);
	show_flag("inner restored last");
	local_irq_enable();
	local_save_flags(outer);
	local_irq_disable();
	show_flag("saved without disabling, then disabled");
	local_irq_restore(outer);
	show_flag("that restored");
}

static void nest_disables(void)
{
	local_irq_disable();
	local_irq_disable();
	local_irq_enable();
	show_flag("disabled twice, enabled once");
	local_irq_disable();
	spin_lock_irq(&first);
	spin_unlock_irq(&first);
	show_flag("a spin_unlock_irq inside of local_irq_disable");
	local_irq_enable();
}

static void cross_locks(void)
{
	unsigned long outer, inner;

	spin_lock_irqsave(&first, outer);
	spin_lock_irqsave(&second, inner);
	spin_unlock_irqrestore(&first, inner);
	show_counts("the first lock given back with the flags of the second");
	spin_unlock_irqrestore(&second, outer);
	show_counts("both given back");
	spin_lock_irqsave(&first, outer);
	spin_unlock(&first);
	show_counts("spin_unlock of a lock taken by spin_lock_irqsave");
	local_irq_restore(outer);
	spin_lock(&first);
	local_irq_disable();
	spin_unlock_irq(&first);
	show_counts("spin_unlock_irq of a lock taken by spin_lock");
	if (spin_trylock_irqsave(&first, outer)) {
		pr_info("spin_trylock_irqsave of a free lock: irqs off %d\n", !!irqs_disabled());
		pr_info("spin_trylock of a taken lock: %d\n", spin_trylock(&first));
		if (!spin_trylock_irqsave(&first, inner))
			show_counts("spin_trylock_irqsave of a taken lock fails");
		spin_unlock_irqrestore(&first, outer);
	}
	if (spin_trylock_irq(&first)) {
		local_irq_enable();
		if (!spin_trylock_irq(&first))
			show_counts("spin_trylock_irq of a taken lock fails");
		spin_unlock(&first);
	}
	show_counts("at last");
}

static int __init irq_flag_init(void)
{
	nest_saves();
	nest_disables();
	cross_locks();
	return 0;
}

static void __exit irq_flag_exit(void)
{
}

module_init(irq_flag_init);
module_exit(irq_flag_exit);
MODULE_LICENSE("Dual MIT/GPL");
