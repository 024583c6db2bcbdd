/*
 * Function, type and variable attributes under the kernel's names, spelled with the compiler's
 * reserved forms so that no macro of the module can change them. The names that are C++ attributes
 * too (fallthrough, noinline) are left out for kloom's own C++ files, which use the standard
 * spelling.
 */
#pragma once

#ifndef KLOOM_IMPLEMENTATION
#undef __always_inline
#define noinline    __attribute__((__noinline__))
#define fallthrough __attribute__((__fallthrough__))
#endif

#ifndef __always_inline
#define __always_inline inline __attribute__((__always_inline__))
#endif

#define __aligned(x)		 __attribute__((__aligned__(x)))
#define __aligned_largest	 __attribute__((__aligned__))
#define __alias(symbol)		 __attribute__((__alias__(#symbol)))
#define __always_unused		 __attribute__((__unused__))
#define __maybe_unused		 __attribute__((__unused__))
#define __assume_aligned(a, ...) __attribute__((__assume_aligned__(a, ##__VA_ARGS__)))
#define __cleanup(func)		 __attribute__((__cleanup__(func)))
#define __cold			 __attribute__((__cold__))
#define __flatten		 __attribute__((__flatten__))
#undef __attribute_const__
#define __attribute_const__ __attribute__((__const__))
#define __deprecated
#define __designated_init
#define __gnu_inline	   __attribute__((__gnu_inline__))
#define __malloc	   __attribute__((__malloc__))
#define __mode(x)	   __attribute__((__mode__(x)))
#define __must_check	   __attribute__((__warn_unused_result__))
#define __noreturn	   __attribute__((__noreturn__))
#define __packed	   __attribute__((__packed__))
#define __printf(a, b)	   __attribute__((__format__(printf, a, b)))
#define __scanf(a, b)	   __attribute__((__format__(scanf, a, b)))
#define __pure		   __attribute__((__pure__))
#define __section(section) __attribute__((__section__(section)))
#define __used		   __attribute__((__used__))
#define __weak		   __attribute__((__weak__))
#define __visible

#if defined(__has_attribute) && __has_attribute(__retain__)
#define __retain __attribute__((__retain__))
#else
#define __retain
#endif
