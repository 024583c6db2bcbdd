/*
 * The compiler as kernel code sees it: branch hints, barriers of the compiler, declarations that
 * hold in C and in C++, and (through asm/rwonce.h) READ_ONCE() and WRITE_ONCE().
 */
#pragma once

#include <linux/compiler_types.h>

/* Declarations between these two have C linkage in both languages. */
#ifdef __cplusplus
#define KLOOM_BEGIN_DECLS extern "C" {
#define KLOOM_END_DECLS	  }
#else
#define KLOOM_BEGIN_DECLS
#define KLOOM_END_DECLS
#endif

/*
 * A kernel function whose name the C library of the kloom process has too is bound to the symbol
 * kloom_<name>. Code under test says the kernel's name; kloom's own C++ files, which see the C
 * library as well, say kloom_<name>.
 */
#define KLOOM_SYMBOL(name) __asm__("kloom_" name)
#ifdef KLOOM_IMPLEMENTATION
#define KLOOM_LIBC_NAME(type, name, parameters) extern type kloom_##name parameters
#else
#define KLOOM_LIBC_NAME(type, name, parameters) extern type name parameters KLOOM_SYMBOL(#name)
#endif

#define likely(x)	    __builtin_expect(!!(x), 1)
#define unlikely(x)	    __builtin_expect(!!(x), 0)
#define likely_notrace(x)   likely(x)
#define unlikely_notrace(x) unlikely(x)

/* Only the compiler: no event of the machine. */
#define barrier()		     __asm__ __volatile__("" : : : "memory")
#define barrier_data(ptr)	     __asm__ __volatile__("" : : "r"(ptr) : "memory")
#define barrier_before_unreachable() __asm__ __volatile__("")
#define unreachable()		     __builtin_unreachable()

#define RELOC_HIDE(ptr, off)                                                                       \
	({                                                                                         \
		unsigned long __ptr;                                                               \
		__asm__("" : "=r"(__ptr) : "0"(ptr));                                              \
		(__typeof__(ptr))(__ptr + (off));                                                  \
	})
#define OPTIMIZER_HIDE_VAR(var) __asm__("" : "=r"(var) : "0"(var))
#define absolute_pointer(val)	RELOC_HIDE((void *)(val), 0)

#define __compiletime_assert_(condition, msg) ((void)sizeof(char[1 - 2 * !(condition)]))
#define compiletime_assert(condition, msg)    __compiletime_assert_(condition, msg)
#define compiletime_assert_atomic_type(t)                                                          \
	compiletime_assert(__native_word(t), "need native word sized stores/loads for atomicity.")

#define __ADDRESSABLE(symbol)                                                                      \
	static void *__used __UNIQUE_ID(__PASTE(__addressable_, symbol)) = (void *)&symbol;

#include <asm/rwonce.h>
#include <linux/kcsan-checks.h>

/*
 * The value of an expression that may race on purpose: the accesses inside take part in no data
 * race. Context: any.
 */
#ifdef __cplusplus
#define KLOOM_AUTO auto
#else
#define KLOOM_AUTO __auto_type
#endif
#define data_race(expr)                                                                            \
	({                                                                                         \
		kcsan_disable_current();                                                           \
		KLOOM_AUTO __data_race_value = (expr);                                             \
		kcsan_enable_current();                                                            \
		__data_race_value;                                                                 \
	})
