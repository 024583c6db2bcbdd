/*
 * Random numbers. On the machine they come from a generator that starts anew in every execution, so
 * that a schedule repeats exactly.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/once.h>
#include <linux/prandom.h>
#include <linux/types.h>

KLOOM_BEGIN_DECLS
/* Context: any. */
extern void get_random_bytes(void *buf, size_t len);
extern u8 get_random_u8(void);
extern u16 get_random_u16(void);
extern u32 get_random_u32(void);
extern u64 get_random_u64(void);
/* A number below `ceil`, which must not be 0. */
extern u32 get_random_u32_below(u32 ceil);
/* The machine always has enough entropy: 0. */
extern int wait_for_random_bytes(void);
extern bool rng_is_initialized(void);
KLOOM_END_DECLS

#define get_random_int()		      get_random_u32()
#define get_random_long()		      ((unsigned long)get_random_u64())
#define get_random_u32_above(floor)	      ((floor) + 1 + get_random_u32_below(U32_MAX - (floor)))
#define get_random_u32_inclusive(floor, ceil) ((floor) + get_random_u32_below((ceil) - (floor) + 1))
#define get_random_canary()		      get_random_long()

static __always_inline int get_random_bytes_wait(void *buf, size_t nbytes)
{
	get_random_bytes(buf, nbytes);
	return 0;
}
