/* local64_t: on x86_64 a local_t under another name, of s64. See asm/local.h. */
#pragma once

#include <asm/local.h>
#include <linux/types.h>

typedef struct {
	local_t a;
} local64_t;

#define LOCAL64_INIT(i)                                                                            \
	{                                                                                          \
		LOCAL_INIT(i)                                                                      \
	}

#define local64_read(l)		       local_read(&(l)->a)
#define local64_set(l, i)	       local_set(&(l)->a, (i))
#define local64_inc(l)		       local_inc(&(l)->a)
#define local64_dec(l)		       local_dec(&(l)->a)
#define local64_add(i, l)	       local_add((i), &(l)->a)
#define local64_sub(i, l)	       local_sub((i), &(l)->a)
#define local64_sub_and_test(i, l)     local_sub_and_test((i), &(l)->a)
#define local64_dec_and_test(l)	       local_dec_and_test(&(l)->a)
#define local64_inc_and_test(l)	       local_inc_and_test(&(l)->a)
#define local64_add_negative(i, l)     local_add_negative((i), &(l)->a)
#define local64_add_return(i, l)       local_add_return((i), &(l)->a)
#define local64_sub_return(i, l)       local_sub_return((i), &(l)->a)
#define local64_inc_return(l)	       local_inc_return(&(l)->a)
#define local64_dec_return(l)	       local_dec_return(&(l)->a)
#define local64_cmpxchg(l, old, value) local_cmpxchg(&(l)->a, (old), (value))
#define local64_xchg(l, value)	       local_xchg(&(l)->a, (value))
#define local64_add_unless(l, n, u)    local_add_unless(&(l)->a, (n), (u))
#define local64_inc_not_zero(l)	       local_inc_not_zero(&(l)->a)
