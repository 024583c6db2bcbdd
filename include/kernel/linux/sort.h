/*
 * Sorting of arrays, in place and without allocation (heap sort).
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Sorts `num` elements of `size` bytes. `swap_func` may be NULL. Context: as `cmp_func`. */
extern void sort(void *base, size_t num, size_t size, cmp_func_t cmp_func, swap_func_t swap_func);
extern void sort_r(void *base, size_t num, size_t size, cmp_r_func_t cmp_func,
		   swap_r_func_t swap_func, const void *priv);
KLOOM_END_DECLS
