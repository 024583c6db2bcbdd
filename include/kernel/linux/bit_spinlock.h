/*
 * Spinlocks that are one bit of a word.
 *
 * Context: any; never sleeps.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/preempt.h>
#include <asm/barrier.h>

static __always_inline void bit_spin_lock(int bitnum, unsigned long *addr)
{
	preempt_disable();
	while (test_and_set_bit_lock(bitnum, addr)) {
		preempt_enable();
		do {
			cpu_relax();
		} while (test_bit(bitnum, addr));
		preempt_disable();
	}
}

static __always_inline int bit_spin_trylock(int bitnum, unsigned long *addr)
{
	preempt_disable();
	if (!test_and_set_bit_lock(bitnum, addr))
		return 1;
	preempt_enable();
	return 0;
}

static __always_inline void bit_spin_unlock(int bitnum, unsigned long *addr)
{
	clear_bit_unlock(bitnum, addr);
	preempt_enable();
}

#define __bit_spin_unlock(bitnum, addr) bit_spin_unlock(bitnum, addr)

static __always_inline int bit_spin_is_locked(int bitnum, unsigned long *addr)
{
	return test_bit(bitnum, addr);
}
