/*
 * local_t: a counter that one CPU writes, with operations that are one instruction: atomic against
 * interrupts on that CPU, not against other CPUs, which may only read it. Used in per-CPU variables
 * with preemption disabled.
 *
 * Context: any.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/percpu-defs.h>

typedef struct {
	atomic_long_t a;
} local_t;

#define LOCAL_INIT(i)                                                                              \
	{                                                                                          \
		ATOMIC_LONG_INIT(i)                                                                \
	}

#define local_read(l)	atomic_long_read(&(l)->a)
#define local_set(l, i) atomic_long_set(&(l)->a, (i))

KLOOM_BEGIN_DECLS
/* As kloom_percpu_operate(), at an address that is a copy's already. */
extern unsigned long kloom_local_operate(volatile void *ptr, unsigned int size,
					 enum kloom_percpu_operation operation,
					 unsigned long operand, unsigned long expected);
KLOOM_END_DECLS

#define __kloom_local_do(l, operation, operand, expected)                                          \
	((long)kloom_local_operate(&(l)->a.counter, sizeof((l)->a.counter), operation,             \
				   (unsigned long)(operand), (unsigned long)(expected)))

static __always_inline void local_add(long i, local_t *l)
{
	__kloom_local_do(l, KLOOM_PERCPU_ADD, i, 0);
}

static __always_inline void local_sub(long i, local_t *l)
{
	__kloom_local_do(l, KLOOM_PERCPU_ADD, -i, 0);
}

static __always_inline long local_add_return(long i, local_t *l)
{
	return __kloom_local_do(l, KLOOM_PERCPU_ADD, i, 0);
}

static __always_inline long local_sub_return(long i, local_t *l)
{
	return __kloom_local_do(l, KLOOM_PERCPU_ADD, -i, 0);
}

static __always_inline long local_xchg(local_t *l, long n)
{
	return __kloom_local_do(l, KLOOM_PERCPU_EXCHANGE, n, 0);
}

static __always_inline long local_cmpxchg(local_t *l, long old, long n)
{
	return __kloom_local_do(l, KLOOM_PERCPU_COMPARE_EXCHANGE, n, old);
}

/* Adds unless the value is `u`; whether it did. */
static __always_inline bool local_add_unless(local_t *l, long a, long u)
{
	long old = local_read(l);

	while (old != u) {
		long found = local_cmpxchg(l, old, old + a);

		if (found == old)
			return true;
		old = found;
	}
	return false;
}

#define local_inc(l)		 local_add(1, l)
#define local_dec(l)		 local_sub(1, l)
#define local_inc_return(l)	 local_add_return(1, l)
#define local_dec_return(l)	 local_sub_return(1, l)
#define local_inc_not_zero(l)	 local_add_unless((l), 1, 0)
#define local_sub_and_test(i, l) (local_sub_return(i, l) == 0)
#define local_dec_and_test(l)	 (local_dec_return(l) == 0)
#define local_inc_and_test(l)	 (local_inc_return(l) == 0)
#define local_add_negative(i, l) (local_add_return(i, l) < 0)
