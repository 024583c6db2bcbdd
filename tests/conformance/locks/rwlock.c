// SPDX-License-Identifier: MIT
// conformance: Reader-writer spinlocks: who gets in beside readers and beside a writer, from the same CPU and from another
#include <linux/module.h>
#include <linux/preempt.h>
#include <linux/rwlock.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

static DEFINE_RWLOCK(lock);

struct attempt {
	int read, write;
};

static void try_both(void *argument)
{
	struct attempt *attempt = argument;

	attempt->read = read_trylock(&lock);
	if (attempt->read)
		read_unlock(&lock);
	attempt->write = write_trylock(&lock);
	if (attempt->write)
		write_unlock(&lock);
}

static void show(const char *what)
{
	struct attempt here, there;

	try_both(&here);
	smp_call_function_single(3, try_both, &there, 1);
	pr_info("%-24s here: read %d write %d, on CPU 3: read %d write %d, contended %d, "
		"preempt_count %x\n",
		what, here.read, here.write, there.read, there.write, rwlock_is_contended(&lock),
		preempt_count());
}

static int __init rwlock_init_test(void)
{
	unsigned long flags;

	show("free");
	read_lock(&lock);
	show("one reader");
	read_lock(&lock);
	show("the same reader twice");
	read_unlock(&lock);
	show("one reader left");
	pr_info("read_trylock %d\n", read_trylock(&lock));
	read_unlock(&lock);
	read_unlock(&lock);
	show("free");
	write_lock(&lock);
	show("writer");
	write_unlock(&lock);
	show("free");
	pr_info("write_trylock_irqsave %d", write_trylock_irqsave(&lock, flags));
	pr_cont(", interrupts off %d", irqs_disabled());
	write_unlock_irqrestore(&lock, flags);
	pr_cont(", then %d\n", irqs_disabled());
	read_lock_bh(&lock);
	show("reader, bottom halves off");
	read_unlock_bh(&lock);
	show("free");
	return 0;
}

static void __exit rwlock_exit(void)
{
}

module_init(rwlock_init_test);
module_exit(rwlock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Reader-writer spinlocks");
