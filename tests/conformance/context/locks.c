// SPDX-License-Identifier: MIT
// conformance: what preempt_count and the interrupt flag are under each kind of lock
#include <linux/bit_spinlock.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/seqlock.h>
#include <linux/spinlock.h>

#include "show.h"

static DEFINE_SPINLOCK(spinning);
static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_RWLOCK(shared);
static DEFINE_SEQLOCK(sequence);
static DEFINE_MUTEX(sleeping);
static DECLARE_RWSEM(semaphore);
static unsigned long bits;

static void show_spinlocks(void)
{
	unsigned long flags;

	spin_lock(&spinning);
	show_context("spin_lock");
	spin_unlock(&spinning);
	spin_lock_bh(&spinning);
	show_context("spin_lock_bh");
	spin_unlock_bh(&spinning);
	spin_lock_irq(&spinning);
	show_context("spin_lock_irq");
	spin_unlock_irq(&spinning);
	spin_lock_irqsave(&spinning, flags);
	show_context("spin_lock_irqsave");
	spin_unlock_irqrestore(&spinning, flags);
	raw_spin_lock(&raw);
	show_context("raw_spin_lock");
	raw_spin_unlock(&raw);
	raw_spin_lock_irqsave(&raw, flags);
	show_context("raw_spin_lock_irqsave");
	raw_spin_unlock_irqrestore(&raw, flags);
	bit_spin_lock(3, &bits);
	show_context("bit_spin_lock");
	bit_spin_unlock(3, &bits);
	if (spin_trylock_bh(&spinning)) {
		show_context("spin_trylock_bh");
		spin_unlock_bh(&spinning);
	}
}

static void show_rwlocks(void)
{
	unsigned long flags;

	read_lock(&shared);
	show_context("read_lock");
	read_unlock(&shared);
	read_lock_bh(&shared);
	show_context("read_lock_bh");
	read_unlock_bh(&shared);
	write_lock(&shared);
	show_context("write_lock");
	write_unlock(&shared);
	write_lock_bh(&shared);
	show_context("write_lock_bh");
	write_unlock_bh(&shared);
	write_lock_irqsave(&shared, flags);
	show_context("write_lock_irqsave");
	write_unlock_irqrestore(&shared, flags);
	write_seqlock(&sequence);
	show_context("write_seqlock");
	write_sequnlock(&sequence);
	write_seqlock_bh(&sequence);
	show_context("write_seqlock_bh");
	write_sequnlock_bh(&sequence);
	write_seqlock_irqsave(&sequence, flags);
	show_context("write_seqlock_irqsave");
	write_sequnlock_irqrestore(&sequence, flags);
}

static void show_sleeping_locks(void)
{
	mutex_lock(&sleeping);
	show_context("mutex_lock");
	mutex_unlock(&sleeping);
	down_write(&semaphore);
	show_context("down_write");
	up_write(&semaphore);
}

static void show_rcu(void)
{
	rcu_read_lock();
	show_context("rcu_read_lock");
	rcu_read_unlock();
	rcu_read_lock_bh();
	show_context("rcu_read_lock_bh");
	rcu_read_unlock_bh();
	rcu_read_lock_sched();
	show_context("rcu_read_lock_sched");
	rcu_read_unlock_sched();
}

static int __init locks_init(void)
{
	show_spinlocks();
	show_rwlocks();
	show_sleeping_locks();
	show_rcu();
	show_context("no lock");
	return 0;
}

static void __exit locks_exit(void)
{
}

module_init(locks_init);
module_exit(locks_exit);
MODULE_LICENSE("Dual MIT/GPL");
