// SPDX-License-Identifier: MIT
// conformance: What each kind of lock does to preempt_count and to interrupts, held once, nested, and after the unlock
#include <linux/bit_spinlock.h>
#include <linux/irqflags.h>
#include <linux/local_lock.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/rcupdate.h>
#include <linux/rwsem.h>
#include <linux/seqlock.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(spin);
static DEFINE_RAW_SPINLOCK(raw);
static DEFINE_RWLOCK(rw);
static DEFINE_SEQLOCK(seq);
static DEFINE_MUTEX(mutex);
static DECLARE_RWSEM(rwsem);
static DEFINE_PER_CPU(local_lock_t, local) = INIT_LOCAL_LOCK(local);
static DEFINE_PER_CPU(int, counter);
static unsigned long word;
static unsigned long flags, flags2;

static const char *context(char *text, size_t size)
{
	scnprintf(text, size, "%x %s%s", preempt_count(), irqs_disabled() ? "irqs-off " : "",
		  in_atomic() ? "atomic" : "");
	return text;
}

#define SHOW(lock, unlock)                                                                         \
	do {                                                                                       \
		char held[32], free[32];                                                           \
		lock;                                                                              \
		context(held, sizeof(held));                                                       \
		unlock;                                                                            \
		context(free, sizeof(free));                                                       \
		pr_info("%-42s %-22s then %s\n", #lock, held, free);                               \
	} while (0)

static void show_spinning(void)
{
	SHOW(spin_lock(&spin), spin_unlock(&spin));
	SHOW(spin_lock_bh(&spin), spin_unlock_bh(&spin));
	SHOW(spin_lock_irq(&spin), spin_unlock_irq(&spin));
	SHOW(spin_lock_irqsave(&spin, flags), spin_unlock_irqrestore(&spin, flags));
	SHOW(raw_spin_lock(&raw), raw_spin_unlock(&raw));
	SHOW(raw_spin_lock_irqsave(&raw, flags), raw_spin_unlock_irqrestore(&raw, flags));
	SHOW(read_lock(&rw), read_unlock(&rw));
	SHOW(read_lock_bh(&rw), read_unlock_bh(&rw));
	SHOW(read_lock_irqsave(&rw, flags), read_unlock_irqrestore(&rw, flags));
	SHOW(write_lock(&rw), write_unlock(&rw));
	SHOW(write_lock_bh(&rw), write_unlock_bh(&rw));
	SHOW(write_lock_irq(&rw), write_unlock_irq(&rw));
	SHOW(write_seqlock(&seq), write_sequnlock(&seq));
	SHOW(write_seqlock_bh(&seq), write_sequnlock_bh(&seq));
	SHOW(write_seqlock_irqsave(&seq, flags), write_sequnlock_irqrestore(&seq, flags));
	SHOW(read_seqlock_excl(&seq), read_sequnlock_excl(&seq));
	SHOW(bit_spin_lock(1, &word), bit_spin_unlock(1, &word));
}

static void show_others(void)
{
	SHOW(mutex_lock(&mutex), mutex_unlock(&mutex));
	SHOW(down_read(&rwsem), up_read(&rwsem));
	SHOW(down_write(&rwsem), up_write(&rwsem));
	SHOW(local_lock(&local), local_unlock(&local));
	SHOW(local_lock_irq(&local), local_unlock_irq(&local));
	SHOW(local_lock_irqsave(&local, flags), local_unlock_irqrestore(&local, flags));
	SHOW(preempt_disable(), preempt_enable());
	SHOW(local_bh_disable(), local_bh_enable());
	SHOW(local_irq_disable(), local_irq_enable());
	SHOW(local_irq_save(flags), local_irq_restore(flags));
	SHOW(get_cpu(), put_cpu());
	SHOW(get_cpu_var(counter)++, put_cpu_var(counter));
	SHOW(rcu_read_lock(), rcu_read_unlock());
	SHOW(rcu_read_lock_bh(), rcu_read_unlock_bh());
	SHOW(rcu_read_lock_sched(), rcu_read_unlock_sched());
	SHOW(migrate_disable(), migrate_enable());
}

/* What is inside stays as the outermost unlock leaves it. */
static void show_nested(void)
{
	pr_info("nested\n");
	SHOW(local_bh_disable(); local_bh_disable(), local_bh_enable());
	SHOW(spin_lock_bh(&spin), spin_unlock_bh(&spin));
	SHOW((void)0, local_bh_enable());
	SHOW(preempt_disable(); preempt_disable(), preempt_enable());
	SHOW(spin_lock(&spin), spin_unlock(&spin));
	SHOW((void)0, preempt_enable());
	local_irq_save(flags2);
	SHOW(spin_lock_irqsave(&spin, flags), spin_unlock_irqrestore(&spin, flags));
	SHOW(read_lock(&rw), read_unlock(&rw));
	SHOW((void)0, local_irq_restore(flags2));
	SHOW(read_lock(&rw); read_lock(&rw), read_unlock(&rw));
	SHOW((void)0, read_unlock(&rw));
	local_irq_disable();
	SHOW(spin_lock_irq(&spin), spin_unlock_irq(&spin));
}

static int __init contexts_init(void)
{
	show_spinning();
	show_others();
	show_nested();
	return 0;
}

static void __exit contexts_exit(void)
{
}

module_init(contexts_init);
module_exit(contexts_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("The context in which each lock is held");
