/*
 * Memory barriers. Each one is a fence of the compiler's atomic builtins, which the instrumentation
 * turns into an event of the machine.
 */
#pragma once

#include <asm/rwonce.h>
#include <linux/compiler.h>

#define mb()				     __atomic_thread_fence(__ATOMIC_SEQ_CST)
#define rmb()				     __atomic_thread_fence(__ATOMIC_ACQUIRE)
#define wmb()				     __atomic_thread_fence(__ATOMIC_RELEASE)
#define dma_mb()			     mb()
#define dma_rmb()			     rmb()
#define dma_wmb()			     wmb()
#define io_stop_wc()			     wmb()
#define smp_mb()			     mb()
#define smp_rmb()			     rmb()
#define smp_wmb()			     wmb()
#define virt_mb()			     smp_mb()
#define virt_rmb()			     smp_rmb()
#define virt_wmb()			     smp_wmb()
#define smp_read_barrier_depends()	     barrier()
#define smp_mb__before_atomic()		     smp_mb()
#define smp_mb__after_atomic()		     smp_mb()
#define smp_mb__after_spinlock()	     smp_mb()
#define smp_mb__after_unlock_lock()	     smp_mb()
#define smp_acquire__after_ctrl_dep()	     smp_rmb()
#define array_index_mask_nospec(index, size) ((index) < (size) ? ~0UL : 0UL)
#define barrier_nospec()		     barrier()

#define smp_load_acquire(p)                                                                        \
	({                                                                                         \
		compiletime_assert_atomic_type(*(p));                                              \
		__atomic_load_n(p, __ATOMIC_ACQUIRE);                                              \
	})
#define smp_store_release(p, v)                                                                    \
	do {                                                                                       \
		compiletime_assert_atomic_type(*(p));                                              \
		__atomic_store_n(p, (__typeof__(*(p)))(v), __ATOMIC_RELEASE);                      \
	} while (0)
#define smp_store_mb(var, value)                                                                   \
	do {                                                                                       \
		__atomic_store_n(&(var), (__typeof__(var))(value), __ATOMIC_RELAXED);              \
		smp_mb();                                                                          \
	} while (0)

/* Spin until the condition on VAL, the value of *ptr, holds. The machine sees the loop as waiting:
 * cpu_relax() is a choice. */
#define smp_cond_load_relaxed(ptr, cond_expr)                                                      \
	({                                                                                         \
		__typeof__(*(ptr)) VAL;                                                            \
		for (;;) {                                                                         \
			VAL = READ_ONCE(*(ptr));                                                   \
			if (cond_expr)                                                             \
				break;                                                             \
			cpu_relax();                                                               \
		}                                                                                  \
		VAL;                                                                               \
	})
#define smp_cond_load_acquire(ptr, cond_expr)                                                      \
	({                                                                                         \
		__typeof__(*(ptr)) __cond_value = smp_cond_load_relaxed(ptr, cond_expr);           \
		smp_acquire__after_ctrl_dep();                                                     \
		__cond_value;                                                                      \
	})

KLOOM_BEGIN_DECLS
/* Tells the CPU, and the machine, that this path spins. Context: any. */
extern void cpu_relax(void);
KLOOM_END_DECLS
