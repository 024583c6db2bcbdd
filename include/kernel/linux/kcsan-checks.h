/*
 * Marks for intended races. kcsan_disable_current() and kcsan_enable_current() are calls that the
 * machine understands: plain accesses of this path between them take part in no data race.
 */
#pragma once

#include <linux/compiler_types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Opens and closes a region of intended races on the path that calls it; regions nest. Context:
 * any. */
extern void kcsan_disable_current(void);
extern void kcsan_enable_current(void);
extern void kcsan_enable_current_nowarn(void);

#ifdef __cplusplus
}
#endif

#define kcsan_nestable_atomic_begin() kcsan_disable_current()
#define kcsan_nestable_atomic_end()   kcsan_enable_current()
#define kcsan_flat_atomic_begin()     kcsan_disable_current()
#define kcsan_flat_atomic_end()	      kcsan_enable_current()
