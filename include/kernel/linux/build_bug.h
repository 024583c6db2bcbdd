/*
 * Conditions that must hold when the module is compiled.
 */
#pragma once

#include <linux/compiler.h>

#ifdef __cplusplus
#define BUILD_BUG_ON_ZERO(e) (0 * sizeof(char[1 - 2 * !!(e)]))
#else
#define BUILD_BUG_ON_ZERO(e) ((int)(sizeof(struct { int : (-!!(e)); })))
#endif
#define BUILD_BUG_ON_MSG(cond, msg)    compiletime_assert(!(cond), msg)
#define BUILD_BUG_ON(condition)	       BUILD_BUG_ON_MSG(condition, "BUILD_BUG_ON failed: " #condition)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n) BUILD_BUG_ON((n) == 0 || (((n) & ((n)-1)) != 0))
#define BUILD_BUG_ON_INVALID(e)	       ((void)(sizeof((long)(e))))
#define BUILD_BUG()		       BUILD_BUG_ON_MSG(1, "BUILD_BUG failed")

#if !defined(__cplusplus) && !defined(static_assert)
#define __static_assert(expr, msg, ...) _Static_assert(expr, msg)
#define static_assert(expr, ...) __static_assert(expr, ##__VA_ARGS__, #expr)
#endif
