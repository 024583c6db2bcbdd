/*
 * Hints that memory will be used soon. They are no accesses.
 */
#pragma once

#define prefetch(x)	      __builtin_prefetch(x)
#define prefetchw(x)	      __builtin_prefetch(x, 1)
#define spin_lock_prefetch(x) prefetchw(x)
