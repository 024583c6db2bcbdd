/*
 * local_t: counters of one CPU. An operation is one instruction, so an interrupt on the same CPU cannot split it; only the owning CPU may write, any CPU may read.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/percpu.h>

typedef struct {
	atomic_long_t a;
} local_t;

#define LOCAL_INIT(i) { ATOMIC_LONG_INIT(i) }
#define local_read(l) atomic_long_read(&(l)->a)
#define local_set(l, i) atomic_long_set(&(l)->a, (i))

static __always_inline void local_inc(local_t *l)
{
	atomic_long_inc(&l->a);
}

static __always_inline void local_dec(local_t *l)
{
	atomic_long_dec(&l->a);
}

static __always_inline void local_add(long i, local_t *l)
{
	atomic_long_add(i, &l->a);
}

static __always_inline void local_sub(long i, local_t *l)
{
	atomic_long_sub(i, &l->a);
}

static __always_inline bool local_sub_and_test(long i, local_t *l)
{
	return atomic_long_sub_return_relaxed(i, &l->a) == 0;
}

static __always_inline bool local_dec_and_test(local_t *l)
{
	return atomic_long_dec_return_relaxed(&l->a) == 0;
}

static __always_inline bool local_inc_and_test(local_t *l)
{
	return atomic_long_inc_return_relaxed(&l->a) == 0;
}

static __always_inline bool local_add_negative(long i, local_t *l)
{
	return atomic_long_add_return_relaxed(i, &l->a) < 0;
}

static __always_inline long local_add_return(long i, local_t *l)
{
	return atomic_long_add_return_relaxed(i, &l->a);
}

static __always_inline long local_sub_return(long i, local_t *l)
{
	return atomic_long_sub_return_relaxed(i, &l->a);
}

#define local_inc_return(l) local_add_return(1, l)
#define local_dec_return(l) local_sub_return(1, l)

static __always_inline long local_cmpxchg(local_t *l, long o, long n)
{
	return atomic_long_cmpxchg_relaxed(&l->a, o, n);
}

static __always_inline long local_xchg(local_t *l, long n)
{
	return atomic_long_xchg_relaxed(&l->a, n);
}

static __always_inline bool local_add_unless(local_t *l, long a, long u)
{
	return atomic_long_add_unless(&l->a, a, u);
}

#define local_inc_not_zero(l) local_add_unless((l), 1, 0)
#define __local_inc(l) local_inc(l)
#define __local_dec(l) local_dec(l)
#define __local_add(i, l) local_add((i), (l))
#define __local_sub(i, l) local_sub((i), (l))
