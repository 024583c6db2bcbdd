/*
 * What every kernel header may use without an include: attributes, the address-space marks of
 * sparse (all of them empty for a compiler), and the type predicates on which READ_ONCE() and the
 * min()/max() family rest.
 */
#pragma once

#include <linux/compiler_attributes.h>

#define __kernel
#define __user
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __nocast
#define __safe
#define __private
#define __randomize_layout
#define __no_randomize_layout
#define randomized_struct_fields_start
#define randomized_struct_fields_end
#define __latent_entropy
#define __counted_by(member)

#define __must_hold(x)
#define __acquires(x)
#define __releases(x)
#define __cond_acquires(x)
#define __acquire(x)		  ((void)0)
#define __release(x)		  ((void)0)
#define __cond_lock(x, c)	  (c)
#define __chk_user_ptr(x)	  ((void)(x))
#define __chk_io_ptr(x)		  ((void)(x))
#define ACCESS_PRIVATE(p, member) ((p)->member)

#define notrace			 __attribute__((__no_instrument_function__))
#define __no_instrument_function notrace
#define __noclone
#define asm_inline		asm
#define asm_volatile_goto(x...) asm goto(x)

/* Code so marked is hidden from the machine: its accesses are no events. */
#define __no_kcsan		__attribute__((__no_sanitize__("thread")))
#define __no_sanitize_or_inline __no_kcsan __maybe_unused
#define __no_kasan_or_inline	__always_inline
#define noinstr			__attribute__((__noinline__)) __no_kcsan
#define __nocfi
#define __noscs
#define __ro_after_init
#define __read_mostly

#define ___PASTE(a, b)	    a##b
#define __PASTE(a, b)	    ___PASTE(a, b)
#define __UNIQUE_ID(prefix) __PASTE(__PASTE(__UNIQUE_ID_, prefix), __COUNTER__)

#ifdef __cplusplus
/* The C library includes some of our headers inside extern "C". */
extern "C++" {
template <typename A, typename B> struct kloom_same_type {
	static constexpr bool value = false;
};
template <typename A> struct kloom_same_type<A, A> {
	static constexpr bool value = true;
};
}
#define __same_type(a, b) (kloom_same_type<__typeof__(a), __typeof__(b)>::value)
#else
#define __same_type(a, b) __builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#endif

/* The type of an expression without its qualifiers: the value of a cast or of a comma expression
 * has none. */
#ifdef __cplusplus
extern "C++" {
template <typename T> struct kloom_unqualified {
	using type = T;
};
template <typename T> struct kloom_unqualified<const T> {
	using type = T;
};
template <typename T> struct kloom_unqualified<volatile T> {
	using type = T;
};
template <typename T> struct kloom_unqualified<const volatile T> {
	using type = T;
};
}
#define __unqual_scalar_typeof(x) typename kloom_unqualified<__typeof__(x)>::type
#else
#define __unqual_scalar_typeof(x) __typeof__(((void)0, (x)))
#endif

#define __native_word(t)                                                                           \
	(sizeof(t) == sizeof(char) || sizeof(t) == sizeof(short) || sizeof(t) == sizeof(int) ||    \
	 sizeof(t) == sizeof(long))
