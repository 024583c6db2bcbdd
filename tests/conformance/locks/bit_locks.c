// SPDX-License-Identifier: MIT
// conformance: Locks of one bit: results, the word and preempt_count; the other bits stay
#include <linux/bit_spinlock.h>
#include <linux/bitops.h>
#include <linux/module.h>
#include <linux/preempt.h>

static unsigned long word = 0xf0;

static void show(const char *what, int result)
{
	pr_info("%-26s %d, word %lx, preempt_count %x\n", what, result, READ_ONCE(word),
		preempt_count());
}

static int __init bit_locks_init(void)
{
	show("new", bit_spin_is_locked(0, &word));
	bit_spin_lock(0, &word);
	show("bit_spin_lock", bit_spin_is_locked(0, &word));
	show("bit_spin_trylock", bit_spin_trylock(0, &word));
	show("bit_spin_trylock 1", bit_spin_trylock(1, &word));
	show("is_locked 1", bit_spin_is_locked(1, &word));
	__bit_spin_unlock(1, &word);
	show("__bit_spin_unlock 1", bit_spin_is_locked(1, &word));
	bit_spin_unlock(0, &word);
	show("bit_spin_unlock", bit_spin_is_locked(0, &word));
	show("bit_spin_trylock 63", bit_spin_trylock(63, &word));
	bit_spin_unlock(63, &word);
	show("bit_spin_unlock 63", 0);
	show("test_and_set_bit_lock", test_and_set_bit_lock(3, &word));
	show("test_and_set_bit_lock", test_and_set_bit_lock(3, &word));
	clear_bit_unlock(3, &word);
	show("clear_bit_unlock", test_bit(3, &word));
	return 0;
}

static void __exit bit_locks_exit(void)
{
}

module_init(bit_locks_init);
module_exit(bit_locks_exit);
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Locks of one bit");
