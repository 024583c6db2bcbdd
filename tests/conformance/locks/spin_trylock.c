// SPDX-License-Identifier: MIT
// conformance: spin_trylock and its variants: result and context, with the lock free and held
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_RAW_SPINLOCK(raw);
static unsigned long flags;

static void show(const char *what, int result)
{
	pr_info("%-32s result %d locked %d preempt_count %x interrupts off %d\n", what, result,
		spin_is_locked(&lock), preempt_count(), irqs_disabled());
}

static void show_free(void)
{
	show("free", 0);
	show("spin_trylock", spin_trylock(&lock));
	spin_unlock(&lock);
	show("spin_trylock_bh", spin_trylock_bh(&lock));
	spin_unlock_bh(&lock);
	show("spin_trylock_irq", spin_trylock_irq(&lock));
	spin_unlock_irq(&lock);
	show("spin_trylock_irqsave", spin_trylock_irqsave(&lock, flags));
	spin_unlock_irqrestore(&lock, flags);
	show("after", 0);
}

static void show_held(void)
{
	spin_lock(&lock);
	show("spin_lock", 0);
	show("spin_trylock", spin_trylock(&lock));
	show("spin_trylock_bh", spin_trylock_bh(&lock));
	show("spin_trylock_irq", spin_trylock_irq(&lock));
	show("spin_trylock_irqsave", spin_trylock_irqsave(&lock, flags));
	pr_info("contended %d\n", spin_is_contended(&lock));
	assert_spin_locked(&lock);
	spin_unlock(&lock);
	show("spin_unlock", 0);
}

static int __init spin_trylock_init(void)
{
	spinlock_t local;

	show_free();
	show_held();
	local_irq_save(flags);
	show("interrupts off", 0);
	show("spin_trylock", spin_trylock(&lock));
	spin_unlock(&lock);
	show("spin_unlock", 0);
	local_irq_restore(flags);
	pr_info("raw_spin_trylock %d\n", raw_spin_trylock(&raw));
	pr_info("raw_spin_trylock %d\n", raw_spin_trylock(&raw));
	pr_info("raw locked %d\n", raw_spin_is_locked(&raw));
	raw_spin_unlock(&raw);
	pr_info("raw locked %d\n", raw_spin_is_locked(&raw));
	spin_lock_init(&local);
	pr_info("local locked %d\n", spin_is_locked(&local));
	spin_lock(&local);
	pr_info("local locked %d, preempt_count %x\n", spin_is_locked(&local), preempt_count());
	spin_unlock(&local);
	return 0;
}

static void __exit spin_trylock_exit(void)
{
}

module_init(spin_trylock_init);
module_exit(spin_trylock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("spin_trylock");
