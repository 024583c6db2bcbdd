// SPDX-License-Identifier: MIT
// conformance: how preempt_count moves when preemption, bottom halves and interrupts are disabled again and again
#include <linux/bottom_half.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "show.h"

static DEFINE_PER_CPU(int, variable);
static DEFINE_SPINLOCK(outer);
static DEFINE_SPINLOCK(inner);

static void nest_preemption(void)
{
	preempt_disable();
	show_counts("preempt_disable");
	preempt_disable();
	show_counts("preempt_disable twice");
	get_cpu();
	show_counts("and get_cpu");
	get_cpu_var(variable)++;
	show_counts("and get_cpu_var");
	put_cpu_var(variable);
	put_cpu();
	preempt_enable();
	show_counts("enabled once");
	preempt_enable();
	show_counts("all enabled");
	migrate_disable();
	show_counts("migrate_disable");
	migrate_enable();
}

static void nest_bottom_halves(void)
{
	local_bh_disable();
	show_counts("local_bh_disable");
	local_bh_disable();
	show_counts("local_bh_disable twice");
	preempt_disable();
	show_counts("and preempt_disable");
	local_bh_enable();
	show_counts("local_bh_enable first");
	local_bh_enable();
	show_counts("local_bh_enable second");
	preempt_enable();
}

static void nest_locks(void)
{
	spin_lock_bh(&outer);
	spin_lock(&inner);
	show_counts("spin_lock in spin_lock_bh");
	spin_unlock(&inner);
	spin_lock_bh(&inner);
	show_counts("spin_lock_bh in spin_lock_bh");
	spin_unlock_bh(&outer);
	show_counts("the outer one unlocked first");
	spin_unlock(&inner);
	show_counts("the inner one unlocked without _bh");
	local_bh_enable();
	show_counts("bottom halves enabled by hand");
}

static int __init nesting_init(void)
{
	nest_preemption();
	nest_bottom_halves();
	nest_locks();
	pr_info("preemptible %d\n", !!preemptible());
	preempt_disable();
	pr_info("preemptible %d with preemption disabled\n", !!preemptible());
	preempt_enable();
	local_irq_disable();
	pr_info("preemptible %d with interrupts disabled\n", !!preemptible());
	local_irq_enable();
	return 0;
}

static void __exit nesting_exit(void)
{
}

module_init(nesting_init);
module_exit(nesting_exit);
MODULE_LICENSE("Dual MIT/GPL");
