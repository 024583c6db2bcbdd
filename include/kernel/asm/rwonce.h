/*
 * READ_ONCE() and WRITE_ONCE(): one volatile access each. The compiler's thread instrumentation
 * tells volatile accesses from plain ones, and that is how the machine knows that an access is
 * marked.
 */
#pragma once

#include <linux/compiler_types.h>

#define __READ_ONCE(x)	     (*(const volatile __typeof__(x) *)&(x))
#define READ_ONCE(x)	     (*(const volatile __typeof__(x) *)&(x))
#define READ_ONCE_NOCHECK(x) READ_ONCE(x)

#define __WRITE_ONCE(x, val)                                                                       \
	do {                                                                                       \
		*(volatile __typeof__(x) *)&(x) = (val);                                           \
	} while (0)
#define WRITE_ONCE(x, val) __WRITE_ONCE(x, val)

#ifndef KLOOM_IMPLEMENTATION
#define ACCESS_ONCE(x) (*(volatile __typeof__(x) *)&(x))
#endif
