/*
 * min(), max() and their relatives. In C they are macros that evaluate each argument once; in C++
 * they are templates, because macros of these names would break std::min.
 */
#pragma once

#include <linux/compiler.h>

#define __kloom_pick(type, x, op, y)                                                               \
	({                                                                                         \
		type __pick_x = (x);                                                               \
		type __pick_y = (y);                                                               \
		__pick_x op __pick_y ? __pick_x : __pick_y;                                        \
	})
#define min_t(type, x, y)	   __kloom_pick(type, x, <, y)
#define max_t(type, x, y)	   __kloom_pick(type, x, >, y)
#define clamp_t(type, val, lo, hi) min_t(type, max_t(type, val, lo), hi)
#define clamp_val(val, lo, hi)	   clamp_t(__typeof__(val), val, lo, hi)

#ifdef __cplusplus
template <typename A, typename B> constexpr auto min(A x, B y) -> decltype(x < y ? x : y)
{
	return x < y ? x : y;
}
template <typename A, typename B> constexpr auto max(A x, B y) -> decltype(x > y ? x : y)
{
	return x > y ? x : y;
}
template <typename A, typename B, typename C> constexpr auto min3(A x, B y, C z)
{
	return (min)((min)(x, y), z);
}
template <typename A, typename B, typename C> constexpr auto max3(A x, B y, C z)
{
	return (max)((max)(x, y), z);
}
template <typename A, typename B> constexpr auto min_not_zero(A x, B y) -> decltype(x < y ? x : y)
{
	return x == 0 ? y : (y == 0 ? x : (min)(x, y));
}
template <typename T, typename L, typename H> constexpr T clamp(T val, L lo, H hi)
{
	return (T)(min)((max)(val, lo), hi);
}
template <typename T> void swap(T &a, T &b)
{
	T other = a;
	a = b;
	b = other;
}
#else
#define __kloom_pick_checked(x, op, y, unique_x, unique_y)                                         \
	({                                                                                         \
		__auto_type unique_x = (x);                                                        \
		__auto_type unique_y = (y);                                                        \
		unique_x op unique_y ? unique_x : unique_y;                                        \
	})
#define min(x, y)     __kloom_pick_checked(x, <, y, __UNIQUE_ID(min_x), __UNIQUE_ID(min_y))
#define max(x, y)     __kloom_pick_checked(x, >, y, __UNIQUE_ID(max_x), __UNIQUE_ID(max_y))
#define min3(x, y, z) min((__typeof__(x))min(x, y), z)
#define max3(x, y, z) max((__typeof__(x))max(x, y), z)
#define min_not_zero(x, y)                                                                         \
	({                                                                                         \
		__auto_type __min_nz_x = (x);                                                      \
		__auto_type __min_nz_y = (y);                                                      \
		__min_nz_x == 0 ? __min_nz_y                                                       \
				: ((__min_nz_y == 0) ? __min_nz_x : min(__min_nz_x, __min_nz_y));  \
	})
#define clamp(val, lo, hi) min((__typeof__(val))max(val, lo), hi)
#define swap(a, b)                                                                                 \
	do {                                                                                       \
		__typeof__(a) __swap_tmp = (a);                                                    \
		(a) = (b);                                                                         \
		(b) = __swap_tmp;                                                                  \
	} while (0)
#endif
