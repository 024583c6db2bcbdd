/*
 * Per-CPU variables: their definition and the access to the running CPU's copy. A static variable lies in the section
 * .data..percpu of the module, whose addresses are templates: the copy of CPU c is found by the machine.
 *
 *   get_cpu_var(v)      the lvalue, with preemption disabled until put_cpu_var(v)
 *   this_cpu_ptr(&v)    the copy's address; the debug kernel complains when the task could move to another CPU
 *   raw_cpu_ptr(&v)     the same without a complaint
 *   per_cpu(v, cpu)     the lvalue of the CPU that is named
 *   this_cpu_add(v, n)  one instruction: atomic against everything on its own CPU, and the CPU is the right one
 *   __this_cpu_add, raw_cpu_add   a plain read and a plain write; preemption must be off (the first checks it)
 *
 * Context: any.
 * Differences: __this_cpu_* and raw_cpu_* follow the documented interface on every architecture, although x86_64 happens to make
 * one instruction of some of them.
 */
#pragma once

#include <linux/cache.h>
#include <linux/compiler.h>
#include <linux/preempt.h>
#include <linux/types.h>

#define PER_CPU_BASE_SECTION ".data..percpu"
#define PER_CPU_SHARED_ALIGNED_SECTION "..shared_aligned"
#define PER_CPU_ALIGNED_SECTION "..shared_aligned"
#define PER_CPU_FIRST_SECTION "..first"

#define __PCPU_ATTRS(sec) __percpu __attribute__((__section__(PER_CPU_BASE_SECTION sec)))

#define DECLARE_PER_CPU_SECTION(type, name, sec) extern __PCPU_ATTRS(sec) __typeof__(type) name
#define DEFINE_PER_CPU_SECTION(type, name, sec) __PCPU_ATTRS(sec) __typeof__(type) name

#define DECLARE_PER_CPU(type, name) DECLARE_PER_CPU_SECTION(type, name, "")
#define DEFINE_PER_CPU(type, name) DEFINE_PER_CPU_SECTION(type, name, "")
#define DECLARE_PER_CPU_FIRST(type, name) DECLARE_PER_CPU_SECTION(type, name, PER_CPU_FIRST_SECTION)
#define DEFINE_PER_CPU_FIRST(type, name) DEFINE_PER_CPU_SECTION(type, name, PER_CPU_FIRST_SECTION)
#define DECLARE_PER_CPU_SHARED_ALIGNED(type, name) \
	DECLARE_PER_CPU_SECTION(type, name, PER_CPU_SHARED_ALIGNED_SECTION) ____cacheline_aligned_in_smp
#define DEFINE_PER_CPU_SHARED_ALIGNED(type, name) \
	DEFINE_PER_CPU_SECTION(type, name, PER_CPU_SHARED_ALIGNED_SECTION) ____cacheline_aligned_in_smp
#define DECLARE_PER_CPU_ALIGNED(type, name) \
	DECLARE_PER_CPU_SECTION(type, name, PER_CPU_ALIGNED_SECTION) ____cacheline_aligned
#define DEFINE_PER_CPU_ALIGNED(type, name) \
	DEFINE_PER_CPU_SECTION(type, name, PER_CPU_ALIGNED_SECTION) ____cacheline_aligned
#define DECLARE_PER_CPU_PAGE_ALIGNED(type, name) \
	DECLARE_PER_CPU_SECTION(type, name, "..page_aligned") __attribute__((__aligned__(4096)))
#define DEFINE_PER_CPU_PAGE_ALIGNED(type, name) \
	DEFINE_PER_CPU_SECTION(type, name, "..page_aligned") __attribute__((__aligned__(4096)))
#define DECLARE_PER_CPU_READ_MOSTLY(type, name) DECLARE_PER_CPU_SECTION(type, name, "..read_mostly")
#define DEFINE_PER_CPU_READ_MOSTLY(type, name) DEFINE_PER_CPU_SECTION(type, name, "..read_mostly")
#define DECLARE_PER_CPU_DECRYPTED(type, name) DECLARE_PER_CPU(type, name)
#define DEFINE_PER_CPU_DECRYPTED(type, name) DEFINE_PER_CPU(type, name)

#define EXPORT_PER_CPU_SYMBOL(var) extern __typeof__(var) var
#define EXPORT_PER_CPU_SYMBOL_GPL(var) EXPORT_PER_CPU_SYMBOL(var)

/* How a per-CPU address is asked for: what the debug kernel checks and who vouches for the CPU. */
enum kloom_cpu_read {
	KLOOM_CPU_CHECKED = 1,
	KLOOM_CPU_GUARDED = 2,
	KLOOM_CPU_RAW = 4,
};

enum kloom_percpu_operation {
	KLOOM_PERCPU_READ,
	KLOOM_PERCPU_WRITE,
	KLOOM_PERCPU_ADD,
	KLOOM_PERCPU_AND,
	KLOOM_PERCPU_OR,
	KLOOM_PERCPU_EXCHANGE,
	KLOOM_PERCPU_COMPARE_EXCHANGE,
};

KLOOM_BEGIN_DECLS
/* The address of the running CPU's copy. */
extern void *kloom_percpu_address(const volatile void __percpu *ptr, enum kloom_cpu_read how);
/* The address of the copy of CPU `cpu`. */
extern void *kloom_percpu_remote_address(const volatile void __percpu *ptr, unsigned int cpu);
/*
 * One instruction on the running CPU's copy of `size` bytes (1, 2, 4 or 8). The old value, except that ADD, AND and OR return
 * the new one. COMPARE_EXCHANGE stores `operand` if the old value is `expected`.
 */
extern unsigned long kloom_percpu_operate(volatile void __percpu *ptr, unsigned int size,
					  enum kloom_percpu_operation operation, unsigned long operand,
					  unsigned long expected);
/* Two adjacent words at once, the first aligned to 16 bytes; whether they were as expected. */
extern bool kloom_percpu_compare_exchange_double(volatile void __percpu *ptr, const unsigned long *expected,
						 const unsigned long *desired);
KLOOM_END_DECLS

#define __verify_pcpu_ptr(ptr) ((void)sizeof(*(ptr)))

/* ---- addresses ---- */

#define __kloom_copy_ptr(ptr, how) ((__typeof__(*(ptr)) *)kloom_percpu_address((ptr), how))

#define this_cpu_ptr(ptr) __kloom_copy_ptr(ptr, KLOOM_CPU_CHECKED)
#define raw_cpu_ptr(ptr) __kloom_copy_ptr(ptr, KLOOM_CPU_RAW)
#define arch_raw_cpu_ptr(ptr) raw_cpu_ptr(ptr)
#define __this_cpu_ptr(ptr) raw_cpu_ptr(ptr)
#define per_cpu_ptr(ptr, cpu) ((__typeof__(*(ptr)) *)kloom_percpu_remote_address((ptr), (cpu)))
#define per_cpu(var, cpu) (*per_cpu_ptr(&(var), cpu))

#define __get_cpu_var(var) (*this_cpu_ptr(&(var)))
#define __raw_get_cpu_var(var) (*raw_cpu_ptr(&(var)))

/* An lvalue. The CPU stays the same until put_cpu_var(). */
#define get_cpu_var(var) \
	(*({ \
		preempt_disable(); \
		__kloom_copy_ptr(&(var), KLOOM_CPU_GUARDED); \
	}))
#define put_cpu_var(var) \
	do { \
		(void)&(var); \
		preempt_enable(); \
	} while (0)

#define get_cpu_ptr(var) \
	({ \
		preempt_disable(); \
		__kloom_copy_ptr(var, KLOOM_CPU_GUARDED); \
	})
#define put_cpu_ptr(var) \
	do { \
		(void)(var); \
		preempt_enable(); \
	} while (0)

/* ---- this_cpu operations ---- */

#define __kloom_percpu_size(pcp) \
	(sizeof(pcp) + 0 * sizeof(char[1 - 2 * !__native_word(pcp)]))
#define __kloom_percpu_do(pcp, operation, operand, expected) \
	kloom_percpu_operate(&(pcp), __kloom_percpu_size(pcp), operation, \
			     (unsigned long)(operand), (unsigned long)(expected))
#define __kloom_percpu_value(pcp, operation, operand, expected) \
	((__typeof__(pcp))__kloom_percpu_do(pcp, operation, operand, expected))

#define this_cpu_read(pcp) __kloom_percpu_value(pcp, KLOOM_PERCPU_READ, 0, 0)
#define this_cpu_write(pcp, val) ((void)__kloom_percpu_do(pcp, KLOOM_PERCPU_WRITE, val, 0))
#define this_cpu_add(pcp, val) ((void)__kloom_percpu_do(pcp, KLOOM_PERCPU_ADD, val, 0))
#define this_cpu_sub(pcp, val) this_cpu_add(pcp, -(long)(val))
#define this_cpu_inc(pcp) this_cpu_add(pcp, 1)
#define this_cpu_dec(pcp) this_cpu_sub(pcp, 1)
#define this_cpu_and(pcp, val) ((void)__kloom_percpu_do(pcp, KLOOM_PERCPU_AND, val, 0))
#define this_cpu_or(pcp, val) ((void)__kloom_percpu_do(pcp, KLOOM_PERCPU_OR, val, 0))
#define this_cpu_add_return(pcp, val) __kloom_percpu_value(pcp, KLOOM_PERCPU_ADD, val, 0)
#define this_cpu_sub_return(pcp, val) this_cpu_add_return(pcp, -(long)(val))
#define this_cpu_inc_return(pcp) this_cpu_add_return(pcp, 1)
#define this_cpu_dec_return(pcp) this_cpu_sub_return(pcp, 1)
#define this_cpu_xchg(pcp, nval) __kloom_percpu_value(pcp, KLOOM_PERCPU_EXCHANGE, nval, 0)
#define this_cpu_cmpxchg(pcp, oval, nval) __kloom_percpu_value(pcp, KLOOM_PERCPU_COMPARE_EXCHANGE, nval, oval)
#define this_cpu_try_cmpxchg(pcp, ovalp, nval) \
	({ \
		__typeof__(ovalp) __pcp_ovalp = (ovalp); \
		__typeof__(*__pcp_ovalp) __pcp_old = *__pcp_ovalp; \
		__typeof__(*__pcp_ovalp) __pcp_found = this_cpu_cmpxchg(pcp, __pcp_old, nval); \
		bool __pcp_done = __pcp_found == __pcp_old; \
		if (!__pcp_done) \
			*__pcp_ovalp = __pcp_found; \
		__pcp_done; \
	})
#define this_cpu_cmpxchg_double(pcp1, pcp2, oval1, oval2, nval1, nval2) \
	({ \
		const unsigned long __pcp_expected[2] = { (unsigned long)(oval1), (unsigned long)(oval2) }; \
		const unsigned long __pcp_desired[2] = { (unsigned long)(nval1), (unsigned long)(nval2) }; \
		(void)&(pcp2); \
		kloom_percpu_compare_exchange_double(&(pcp1), __pcp_expected, __pcp_desired); \
	})

/* ---- plain operations: raw_cpu_* and __this_cpu_* ---- */

#define __kloom_plain_do(pcp, how, op, val) \
	do { \
		__typeof__(&(pcp)) __pcp_copy = __kloom_copy_ptr(&(pcp), how); \
		*__pcp_copy op (val); \
	} while (0)
#define __kloom_plain_return(pcp, how, op, val) \
	({ \
		__typeof__(&(pcp)) __pcp_copy = __kloom_copy_ptr(&(pcp), how); \
		*__pcp_copy op (val); \
	})
#define __kloom_plain_xchg(pcp, how, nval) \
	({ \
		__typeof__(&(pcp)) __pcp_copy = __kloom_copy_ptr(&(pcp), how); \
		__typeof__(*__pcp_copy) __pcp_old = *__pcp_copy; \
		*__pcp_copy = (nval); \
		__pcp_old; \
	})
#define __kloom_plain_cmpxchg(pcp, how, oval, nval) \
	({ \
		__typeof__(&(pcp)) __pcp_copy = __kloom_copy_ptr(&(pcp), how); \
		__typeof__(*__pcp_copy) __pcp_old = *__pcp_copy; \
		if (__pcp_old == (__typeof__(*__pcp_copy))(oval)) \
			*__pcp_copy = (nval); \
		__pcp_old; \
	})

#define raw_cpu_read(pcp) (*raw_cpu_ptr(&(pcp)))
#define raw_cpu_write(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_RAW, =, val)
#define raw_cpu_add(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_RAW, +=, val)
/* As in Linux, an unsigned operand is negated before it is widened: of a wide variable, too much is subtracted. */
#define raw_cpu_sub(pcp, val) raw_cpu_add(pcp, -(val))
#define raw_cpu_inc(pcp) raw_cpu_add(pcp, 1)
#define raw_cpu_dec(pcp) raw_cpu_sub(pcp, 1)
#define raw_cpu_and(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_RAW, &=, val)
#define raw_cpu_or(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_RAW, |=, val)
#define raw_cpu_add_return(pcp, val) __kloom_plain_return(pcp, KLOOM_CPU_RAW, +=, val)
#define raw_cpu_sub_return(pcp, val) __kloom_plain_return(pcp, KLOOM_CPU_RAW, -=, val)
#define raw_cpu_inc_return(pcp) raw_cpu_add_return(pcp, 1)
#define raw_cpu_dec_return(pcp) raw_cpu_sub_return(pcp, 1)
#define raw_cpu_xchg(pcp, nval) __kloom_plain_xchg(pcp, KLOOM_CPU_RAW, nval)
#define raw_cpu_cmpxchg(pcp, oval, nval) __kloom_plain_cmpxchg(pcp, KLOOM_CPU_RAW, oval, nval)

#define __this_cpu_read(pcp) (*this_cpu_ptr(&(pcp)))
#define __this_cpu_write(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_CHECKED, =, val)
#define __this_cpu_add(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_CHECKED, +=, val)
#define __this_cpu_sub(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_CHECKED, -=, val)
#define __this_cpu_inc(pcp) __this_cpu_add(pcp, 1)
#define __this_cpu_dec(pcp) __this_cpu_sub(pcp, 1)
#define __this_cpu_and(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_CHECKED, &=, val)
#define __this_cpu_or(pcp, val) __kloom_plain_do(pcp, KLOOM_CPU_CHECKED, |=, val)
#define __this_cpu_add_return(pcp, val) __kloom_plain_return(pcp, KLOOM_CPU_CHECKED, +=, val)
#define __this_cpu_sub_return(pcp, val) __kloom_plain_return(pcp, KLOOM_CPU_CHECKED, -=, val)
#define __this_cpu_inc_return(pcp) __this_cpu_add_return(pcp, 1)
#define __this_cpu_dec_return(pcp) __this_cpu_sub_return(pcp, 1)
#define __this_cpu_xchg(pcp, nval) __kloom_plain_xchg(pcp, KLOOM_CPU_CHECKED, nval)
#define __this_cpu_cmpxchg(pcp, oval, nval) __kloom_plain_cmpxchg(pcp, KLOOM_CPU_CHECKED, oval, nval)
