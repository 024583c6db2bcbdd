/*
 * atomic_t, atomic64_t and atomic_long_t. An operation without a result is relaxed, one with a
 * result is fully ordered; the suffixes _acquire, _release and _relaxed say otherwise, as in
 * Documentation/atomic_t.txt. The families are one macro: each function is one builtin, whose
 * ordering the machine sees.
 */
#pragma once

#include <asm/barrier.h>
#include <asm/cmpxchg.h>
#include <linux/compiler.h>
#include <linux/limits.h>
#include <linux/types.h>

typedef struct {
	long counter;
} atomic_long_t;
#define ATOMIC_LONG_INIT(i)                                                                        \
	{                                                                                          \
		(i)                                                                                \
	}

/* fetch: the value before; return: the value after. */
#define KLOOM_ATOMIC_OP_ORDERED(prefix, type, value, op, builtin, suffix, order)                   \
	static __always_inline value prefix##_fetch_##op##suffix(value i, type *v)                 \
	{                                                                                          \
		return __atomic_fetch_##builtin(&v->counter, i, order);                            \
	}
#define KLOOM_ATOMIC_RETURN_ORDERED(prefix, type, value, op, suffix, order)                        \
	static __always_inline value prefix##_##op##_return##suffix(value i, type *v)              \
	{                                                                                          \
		return __atomic_##op##_fetch(&v->counter, i, order);                               \
	}
#define KLOOM_ATOMIC_OP(prefix, type, value, op, builtin)                                          \
	static __always_inline void prefix##_##op(value i, type *v)                                \
	{                                                                                          \
		__atomic_fetch_##builtin(&v->counter, i, __ATOMIC_RELAXED);                        \
	}                                                                                          \
	KLOOM_ATOMIC_OP_ORDERED(prefix, type, value, op, builtin, , __ATOMIC_SEQ_CST)              \
	KLOOM_ATOMIC_OP_ORDERED(prefix, type, value, op, builtin, _acquire, __ATOMIC_ACQUIRE)      \
	KLOOM_ATOMIC_OP_ORDERED(prefix, type, value, op, builtin, _release, __ATOMIC_RELEASE)      \
	KLOOM_ATOMIC_OP_ORDERED(prefix, type, value, op, builtin, _relaxed, __ATOMIC_RELAXED)
#define KLOOM_ATOMIC_RETURN(prefix, type, value, op)                                               \
	KLOOM_ATOMIC_RETURN_ORDERED(prefix, type, value, op, , __ATOMIC_SEQ_CST)                   \
	KLOOM_ATOMIC_RETURN_ORDERED(prefix, type, value, op, _acquire, __ATOMIC_ACQUIRE)           \
	KLOOM_ATOMIC_RETURN_ORDERED(prefix, type, value, op, _release, __ATOMIC_RELEASE)           \
	KLOOM_ATOMIC_RETURN_ORDERED(prefix, type, value, op, _relaxed, __ATOMIC_RELAXED)

#define KLOOM_ATOMIC_STEP_ORDERED(prefix, type, value, step, op, suffix)                           \
	static __always_inline value prefix##_##step##_return##suffix(type *v)                     \
	{                                                                                          \
		return prefix##_##op##_return##suffix(1, v);                                       \
	}                                                                                          \
	static __always_inline value prefix##_fetch_##step##suffix(type *v)                        \
	{                                                                                          \
		return prefix##_fetch_##op##suffix(1, v);                                          \
	}
#define KLOOM_ATOMIC_STEP(prefix, type, value, step, op)                                           \
	static __always_inline void prefix##_##step(type *v)                                       \
	{                                                                                          \
		prefix##_##op(1, v);                                                               \
	}                                                                                          \
	static __always_inline bool prefix##_##step##_and_test(type *v)                            \
	{                                                                                          \
		return prefix##_##op##_return(1, v) == 0;                                          \
	}                                                                                          \
	KLOOM_ATOMIC_STEP_ORDERED(prefix, type, value, step, op, )                                 \
	KLOOM_ATOMIC_STEP_ORDERED(prefix, type, value, step, op, _acquire)                         \
	KLOOM_ATOMIC_STEP_ORDERED(prefix, type, value, step, op, _release)                         \
	KLOOM_ATOMIC_STEP_ORDERED(prefix, type, value, step, op, _relaxed)

#define KLOOM_ATOMIC_EXCHANGE(prefix, type, value, suffix, order)                                  \
	static __always_inline value prefix##_xchg##suffix(type *v, value i)                       \
	{                                                                                          \
		return __atomic_exchange_n(&v->counter, i, order);                                 \
	}                                                                                          \
	static __always_inline value prefix##_cmpxchg##suffix(type *v, value expected,             \
							      value desired)                       \
	{                                                                                          \
		__atomic_compare_exchange_n(&v->counter, &expected, desired, false, order,         \
					    __ATOMIC_RELAXED);                                     \
		return expected;                                                                   \
	}                                                                                          \
	static __always_inline bool prefix##_try_cmpxchg##suffix(type *v, value *expected,         \
								 value desired)                    \
	{                                                                                          \
		return __atomic_compare_exchange_n(&v->counter, expected, desired, false, order,   \
						   __ATOMIC_RELAXED);                              \
	}

/* Operations that happen only under a condition on the value; each is a loop around a
 * compare-and-exchange. */
#define KLOOM_ATOMIC_CONDITIONAL(prefix, type, value)                                              \
	static __always_inline value prefix##_fetch_add_unless(type *v, value a, value u)          \
	{                                                                                          \
		value old = prefix##_read(v);                                                      \
		do {                                                                               \
			if (unlikely(old == u))                                                    \
				break;                                                             \
		} while (!prefix##_try_cmpxchg(v, &old, old + a));                                 \
		return old;                                                                        \
	}                                                                                          \
	static __always_inline bool prefix##_add_unless(type *v, value a, value u)                 \
	{                                                                                          \
		return prefix##_fetch_add_unless(v, a, u) != u;                                    \
	}                                                                                          \
	static __always_inline bool prefix##_inc_not_zero(type *v)                                 \
	{                                                                                          \
		return prefix##_add_unless(v, 1, 0);                                               \
	}                                                                                          \
	static __always_inline bool prefix##_inc_unless_negative(type *v)                          \
	{                                                                                          \
		value old = prefix##_read(v);                                                      \
		do {                                                                               \
			if (unlikely(old < 0))                                                     \
				return false;                                                      \
		} while (!prefix##_try_cmpxchg(v, &old, old + 1));                                 \
		return true;                                                                       \
	}                                                                                          \
	static __always_inline bool prefix##_dec_unless_positive(type *v)                          \
	{                                                                                          \
		value old = prefix##_read(v);                                                      \
		do {                                                                               \
			if (unlikely(old > 0))                                                     \
				return false;                                                      \
		} while (!prefix##_try_cmpxchg(v, &old, old - 1));                                 \
		return true;                                                                       \
	}                                                                                          \
	static __always_inline value prefix##_dec_if_positive(type *v)                             \
	{                                                                                          \
		value old = prefix##_read(v), dec;                                                 \
		do {                                                                               \
			dec = old - 1;                                                             \
			if (unlikely(dec < 0))                                                     \
				break;                                                             \
		} while (!prefix##_try_cmpxchg(v, &old, dec));                                     \
		return dec;                                                                        \
	}

#define KLOOM_ATOMIC_FAMILY(prefix, type, value)                                                   \
	static __always_inline value prefix##_read(const type *v)                                  \
	{                                                                                          \
		return __atomic_load_n(&v->counter, __ATOMIC_RELAXED);                             \
	}                                                                                          \
	static __always_inline value prefix##_read_acquire(const type *v)                          \
	{                                                                                          \
		return __atomic_load_n(&v->counter, __ATOMIC_ACQUIRE);                             \
	}                                                                                          \
	static __always_inline void prefix##_set(type *v, value i)                                 \
	{                                                                                          \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELAXED);                                \
	}                                                                                          \
	static __always_inline void prefix##_set_release(type *v, value i)                         \
	{                                                                                          \
		__atomic_store_n(&v->counter, i, __ATOMIC_RELEASE);                                \
	}                                                                                          \
	KLOOM_ATOMIC_OP(prefix, type, value, add, add)                                             \
	KLOOM_ATOMIC_OP(prefix, type, value, sub, sub)                                             \
	KLOOM_ATOMIC_OP(prefix, type, value, and, and)                                             \
	KLOOM_ATOMIC_OP(prefix, type, value, or, or)                                               \
	KLOOM_ATOMIC_OP(prefix, type, value, xor, xor)                                             \
	KLOOM_ATOMIC_RETURN(prefix, type, value, add)                                              \
	KLOOM_ATOMIC_RETURN(prefix, type, value, sub)                                              \
	static __always_inline void prefix##_andnot(value i, type *v)                              \
	{                                                                                          \
		prefix##_and(~i, v);                                                               \
	}                                                                                          \
	static __always_inline value prefix##_fetch_andnot(value i, type *v)                       \
	{                                                                                          \
		return prefix##_fetch_and(~i, v);                                                  \
	}                                                                                          \
	KLOOM_ATOMIC_STEP(prefix, type, value, inc, add)                                           \
	KLOOM_ATOMIC_STEP(prefix, type, value, dec, sub)                                           \
	static __always_inline bool prefix##_sub_and_test(value i, type *v)                        \
	{                                                                                          \
		return prefix##_sub_return(i, v) == 0;                                             \
	}                                                                                          \
	static __always_inline bool prefix##_add_negative(value i, type *v)                        \
	{                                                                                          \
		return prefix##_add_return(i, v) < 0;                                              \
	}                                                                                          \
	KLOOM_ATOMIC_EXCHANGE(prefix, type, value, , __ATOMIC_SEQ_CST)                             \
	KLOOM_ATOMIC_EXCHANGE(prefix, type, value, _acquire, __ATOMIC_ACQUIRE)                     \
	KLOOM_ATOMIC_EXCHANGE(prefix, type, value, _release, __ATOMIC_RELEASE)                     \
	KLOOM_ATOMIC_EXCHANGE(prefix, type, value, _relaxed, __ATOMIC_RELAXED)                     \
	KLOOM_ATOMIC_CONDITIONAL(prefix, type, value)

KLOOM_ATOMIC_FAMILY(atomic, atomic_t, int)
KLOOM_ATOMIC_FAMILY(atomic64, atomic64_t, s64)
KLOOM_ATOMIC_FAMILY(atomic_long, atomic_long_t, long)

/* Spin until a condition on VAL, the value of the variable, holds. */
#define atomic_cond_read_acquire(v, c)	    smp_cond_load_acquire(&(v)->counter, (c))
#define atomic_cond_read_relaxed(v, c)	    smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic64_cond_read_acquire(v, c)    smp_cond_load_acquire(&(v)->counter, (c))
#define atomic64_cond_read_relaxed(v, c)    smp_cond_load_relaxed(&(v)->counter, (c))
#define atomic_long_cond_read_acquire(v, c) smp_cond_load_acquire(&(v)->counter, (c))
