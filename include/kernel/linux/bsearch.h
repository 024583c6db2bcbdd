/*
 * Binary search in a sorted array.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

/* The element for which `cmp` gives 0, or NULL. */
static inline void *__inline_bsearch(const void *key, const void *base, size_t num, size_t size,
				     cmp_func_t cmp)
{
	while (num > 0) {
		const char *pivot = (const char *)base + (num / 2) * size;
		int result = cmp(key, pivot);

		if (result == 0)
			return (void *)pivot;
		if (result > 0) {
			base = pivot + size;
			num--;
		}
		num /= 2;
	}
	return NULL;
}

#ifndef KLOOM_IMPLEMENTATION
static inline void *bsearch(const void *key, const void *base, size_t num, size_t size,
			    cmp_func_t cmp)
{
	return __inline_bsearch(key, base, num, size, cmp);
}
#endif
