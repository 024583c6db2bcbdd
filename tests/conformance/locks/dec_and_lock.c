// SPDX-License-Identifier: MIT
// conformance: Counting down to a lock: atomic_dec_and_lock and its relatives take it only at zero
#include <linux/atomic.h>
#include <linux/irqflags.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/preempt.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>

static DEFINE_SPINLOCK(lock);
static DEFINE_MUTEX(mutex);
static atomic_t count = ATOMIC_INIT(3);
static refcount_t refs = REFCOUNT_INIT(2);
static unsigned long flags;

static void show(const char *what, int result)
{
	pr_info("%-30s %d, count %d refs %u, spin %d mutex %d, preempt_count %x interrupts off "
		"%d\n",
		what, result, atomic_read(&count), refcount_read(&refs), spin_is_locked(&lock),
		mutex_is_locked(&mutex), preempt_count(), irqs_disabled());
}

static int __init dec_and_lock_init(void)
{
	show("atomic_dec_and_lock", atomic_dec_and_lock(&count, &lock));
	show("atomic_dec_and_lock", atomic_dec_and_lock(&count, &lock));
	show("atomic_dec_and_lock", atomic_dec_and_lock(&count, &lock));
	spin_unlock(&lock);
	atomic_set(&count, 2);
	show("atomic_dec_and_lock_irqsave", atomic_dec_and_lock_irqsave(&count, &lock, flags));
	show("atomic_dec_and_lock_irqsave", atomic_dec_and_lock_irqsave(&count, &lock, flags));
	spin_unlock_irqrestore(&lock, flags);
	atomic_set(&count, 2);
	show("atomic_dec_and_mutex_lock", atomic_dec_and_mutex_lock(&count, &mutex));
	show("atomic_dec_and_mutex_lock", atomic_dec_and_mutex_lock(&count, &mutex));
	mutex_unlock(&mutex);
	show("refcount_dec_and_lock", refcount_dec_and_lock(&refs, &lock));
	show("refcount_dec_and_lock", refcount_dec_and_lock(&refs, &lock));
	spin_unlock(&lock);
	refcount_set(&refs, 2);
	show("refcount_dec_and_mutex_lock", refcount_dec_and_mutex_lock(&refs, &mutex));
	show("refcount_dec_and_mutex_lock", refcount_dec_and_mutex_lock(&refs, &mutex));
	mutex_unlock(&mutex);
	refcount_set(&refs, 1);
	show("refcount_dec_and_lock_irqsave", refcount_dec_and_lock_irqsave(&refs, &lock, &flags));
	spin_unlock_irqrestore(&lock, flags);
	refcount_set(&refs, 2);
	show("refcount_dec_not_one", refcount_dec_not_one(&refs));
	show("refcount_dec_not_one", refcount_dec_not_one(&refs));
	show("refcount_dec_if_one", refcount_dec_if_one(&refs));
	show("refcount_dec_if_one", refcount_dec_if_one(&refs));
	return 0;
}

static void __exit dec_and_lock_exit(void)
{
}

module_init(dec_and_lock_init);
module_exit(dec_and_lock_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Counting down to a lock");
