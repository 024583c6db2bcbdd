/*
 * Waiting for a bit or for a variable, without a wait queue of one's own: the queues are a hashed
 * table of the kernel's.
 *
 * Context: waiting needs a task that may sleep; waking is possible everywhere.
 * Differences: waking wakes every waiter of the hash slot; those that wait for something else sleep
 * again.
 */
#pragma once

#include <linux/bitops.h>
#include <linux/wait.h>

KLOOM_BEGIN_DECLS
/* The queue on which to wait for the object at `word`. Context: any. */
extern struct wait_queue_head *bit_waitqueue(void *word, int bit);
extern struct wait_queue_head *__var_waitqueue(void *p);
KLOOM_END_DECLS

static __always_inline void wake_up_bit(void *word, int bit)
{
	wake_up_all(bit_waitqueue(word, bit));
}

static __always_inline void wake_up_var(void *var)
{
	wake_up_all(__var_waitqueue(var));
}

static __always_inline void clear_and_wake_up_bit(int bit, void *word)
{
	clear_bit_unlock(bit, (unsigned long *)word);
	smp_mb__after_atomic();
	wake_up_bit(word, bit);
}

/* 0, or -EINTR when a signal that `mode` listens to ended the wait. */
static __always_inline int wait_on_bit(unsigned long *word, int bit, unsigned int mode)
{
	return __kloom_wait_unlimited(*bit_waitqueue(word, bit), !test_bit(bit, word), mode, 0)
		       ? -EINTR
		       : 0;
}

static __always_inline int wait_on_bit_io(unsigned long *word, int bit, unsigned int mode)
{
	return wait_on_bit(word, bit, mode);
}

/* Also -EAGAIN after `timeout` ticks. */
static __always_inline int wait_on_bit_timeout(unsigned long *word, int bit, unsigned int mode,
					       unsigned long timeout)
{
	long left = __kloom_wait_ticks(*bit_waitqueue(word, bit), !test_bit(bit, word), mode, 0,
				       (long)timeout);

	return left > 0 ? 0 : (left == 0 ? -EAGAIN : -EINTR);
}

/* Waits for the bit to be clear and sets it. */
static __always_inline int wait_on_bit_lock(unsigned long *word, int bit, unsigned int mode)
{
	return __kloom_wait_unlimited(*bit_waitqueue(word, bit), !test_and_set_bit(bit, word), mode,
				      WQ_FLAG_EXCLUSIVE)
		       ? -EINTR
		       : 0;
}

#define wait_var_event(var, condition) wait_event(*__var_waitqueue(var), condition)
#define wait_var_event_killable(var, condition)                                                    \
	wait_event_killable(*__var_waitqueue(var), condition)
#define wait_var_event_interruptible(var, condition)                                               \
	wait_event_interruptible(*__var_waitqueue(var), condition)
#define wait_var_event_timeout(var, condition, timeout)                                            \
	wait_event_timeout(*__var_waitqueue(var), condition, timeout)
