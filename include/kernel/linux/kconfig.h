/*
 * The configuration of the machine's kernel (Debian's amd64 configuration as far as modules ask for
 * it) and the macros that test it. The compiler reads this file before every module, as Kbuild
 * does.
 */
#pragma once

#include <generated/autoconf.h>

#define __LITTLE_ENDIAN 1234

/* 1 if the option's macro is 1: "__ARG_PLACEHOLDER_1" then adds an argument that moves the 1 to the
 * second place. */
#define __ARG_PLACEHOLDER_1		     0,
#define __take_second_arg(ignored, val, ...) val
#define __is_defined(x)			     ___is_defined(x)
#define ___is_defined(val)		     ____is_defined(__ARG_PLACEHOLDER_##val)
#define ____is_defined(arg1_or_junk)	     __take_second_arg(arg1_or_junk 1, 0, 0)

#define __and(x, y)		 ___and(x, y)
#define ___and(x, y)		 ____and(__ARG_PLACEHOLDER_##x, y)
#define ____and(arg1_or_junk, y) __take_second_arg(arg1_or_junk y, 0, 0)
#define __or(x, y)		 ___or(x, y)
#define ___or(x, y)		 ____or(__ARG_PLACEHOLDER_##x, y)
#define ____or(arg1_or_junk, y)	 __take_second_arg(arg1_or_junk 1, y, 0)

#define IS_BUILTIN(option) __is_defined(option)
#define IS_MODULE(option)  __is_defined(option##_MODULE)
#define IS_REACHABLE(option)                                                                       \
	__or(IS_BUILTIN(option), __and(IS_MODULE(option), __is_defined(MODULE)))
#define IS_ENABLED(option) __or(IS_BUILTIN(option), IS_MODULE(option))
