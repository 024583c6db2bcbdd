/*
 * Type checks without code.
 */
#pragma once

#include <linux/compiler.h>

#ifdef __cplusplus
#define typecheck(type, x)	     1
#define typecheck_fn(type, function) ((void)(type)(function))
#else
#define typecheck(type, x)                                                                         \
	({                                                                                         \
		type __typecheck_a;                                                                \
		__typeof__(x) __typecheck_b;                                                       \
		(void)(&__typecheck_a == &__typecheck_b);                                          \
		1;                                                                                 \
	})
#define typecheck_fn(type, function)                                                               \
	({                                                                                         \
		__typeof__(type) __typecheck_f = (function);                                       \
		(void)__typecheck_f;                                                               \
	})
#endif
