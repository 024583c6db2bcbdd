/*
 * Pseudo-random numbers for statistics and tests; the caller may keep the state (a Tausworthe
 * generator of L'Ecuyer 1999).
 */
#pragma once

#include <linux/compiler.h>
#include <linux/types.h>

struct rnd_state {
	__u32 s1, s2, s3, s4;
};

KLOOM_BEGIN_DECLS
extern u32 get_random_u32(void);
extern void get_random_bytes(void *buf, size_t len);
extern u32 prandom_u32_state(struct rnd_state *state);
extern void prandom_bytes_state(struct rnd_state *state, void *buf, size_t nbytes);
KLOOM_END_DECLS

#define prandom_u32()		  get_random_u32()
#define prandom_bytes(buf, bytes) get_random_bytes(buf, bytes)

/* A number below `ep_ro`. */
static __always_inline u32 prandom_u32_max(u32 ep_ro)
{
	return (u32)(((u64)get_random_u32() * ep_ro) >> 32);
}

/* The four components need seeds of at least 2, 8, 16 and 128. */
static __always_inline u32 __seed(u32 x, u32 m)
{
	return x < m ? x + m : x;
}

static inline void prandom_seed_state(struct rnd_state *state, u64 seed)
{
	u32 i = (u32)((seed >> 32) ^ (seed << 10) ^ seed);

	state->s1 = __seed(i, 2U);
	state->s2 = __seed(i, 8U);
	state->s3 = __seed(i, 16U);
	state->s4 = __seed(i, 128U);
}
