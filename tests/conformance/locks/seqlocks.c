// SPDX-License-Identifier: MIT
// conformance: Sequence counters and locks: numbers, when a reader has to retry, the reader that takes the lock the second time
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/seqlock.h>

static DEFINE_SEQLOCK(lock);
static seqcount_t count = SEQCNT_ZERO(count);
static DEFINE_SPINLOCK(spin);
static seqcount_spinlock_t guarded = SEQCNT_SPINLOCK_ZERO(guarded, &spin);

static void show_count(void)
{
	unsigned int seq = read_seqcount_begin(&count);

	pr_info("begin %u, retry %d\n", seq, read_seqcount_retry(&count, seq));
	preempt_disable();
	write_seqcount_begin(&count);
	pr_info("while writing: raw %u, retry %d\n", raw_read_seqcount(&count),
		read_seqcount_retry(&count, seq));
	write_seqcount_end(&count);
	preempt_enable();
	pr_info("written: raw %u, retry of the old %d\n", raw_read_seqcount(&count),
		read_seqcount_retry(&count, seq));
	seq = read_seqcount_begin(&count);
	pr_info("begin %u, retry %d\n", seq, read_seqcount_retry(&count, seq));
	write_seqcount_invalidate(&count);
	pr_info("invalidated: raw %u, retry %d\n", raw_read_seqcount(&count),
		read_seqcount_retry(&count, seq));
	raw_write_seqcount_begin(&count);
	pr_info("raw begin: raw %u\n", raw_read_seqcount(&count));
	raw_write_seqcount_end(&count);
	pr_info("raw end: raw %u\n", raw_read_seqcount(&count));
	raw_write_seqcount_barrier(&count);
	pr_info("raw barrier: raw %u\n", raw_read_seqcount(&count));
	seqcount_init(&count);
	pr_info("init: raw %u\n", raw_read_seqcount(&count));
}

static void show_lock(void)
{
	unsigned long flags;
	unsigned int seq;

	seq = read_seqbegin(&lock);
	pr_info("lock: begin %u, retry %u\n", seq, read_seqretry(&lock, seq));
	write_seqlock(&lock);
	pr_info("write locked: sequence %u, retry %u, locked %d, preempt_count %x\n",
		lock.seqcount.seqcount.sequence, read_seqretry(&lock, seq),
		spin_is_locked(&lock.lock), preempt_count());
	write_sequnlock(&lock);
	pr_info("unlocked: sequence %u, retry %u\n", lock.seqcount.seqcount.sequence,
		read_seqretry(&lock, seq));
	write_seqlock_irqsave(&lock, flags);
	pr_info("irqsave: interrupts off %d\n", irqs_disabled());
	write_sequnlock_irqrestore(&lock, flags);
	pr_info("irqrestore: interrupts off %d, sequence %u\n", irqs_disabled(),
		lock.seqcount.seqcount.sequence);
	read_seqlock_excl(&lock);
	pr_info("excl: sequence %u, locked %d\n", lock.seqcount.seqcount.sequence,
		spin_is_locked(&lock.lock));
	read_sequnlock_excl(&lock);
}

static void show_begin_or_lock(bool has_writer)
{
	int seq = 0;
	int turns = 0;

	do {
		read_seqbegin_or_lock(&lock, &seq);
		pr_info("turn %d: seq %d, locked %d\n", ++turns, seq, spin_is_locked(&lock.lock));
		if (has_writer && turns == 1) {
			write_seqlock(&lock);
			write_sequnlock(&lock);
		}
		if (!need_seqretry(&lock, seq))
			break;
		seq = 1;
	} while (true);
	done_seqretry(&lock, seq);
	pr_info("done: locked %d\n", spin_is_locked(&lock.lock));
}

static int __init seqlocks_init(void)
{
	show_count();
	show_lock();
	show_begin_or_lock(false);
	show_begin_or_lock(true);
	spin_lock(&spin);
	write_seqcount_begin(&guarded);
	pr_info("guarded: %u, preempt_count %x\n", raw_read_seqcount(&guarded), preempt_count());
	write_seqcount_end(&guarded);
	spin_unlock(&spin);
	pr_info("guarded: %u, preempt_count %x\n", read_seqcount_begin(&guarded), preempt_count());
	return 0;
}

static void __exit seqlocks_exit(void)
{
}

module_init(seqlocks_init);
module_exit(seqlocks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Sequence counters and locks");
