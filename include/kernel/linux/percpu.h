/*
 * Per-CPU memory that is allocated at run time: one zeroed copy for each possible CPU, at an address that only the functions of
 * linux/percpu-defs.h turn into a copy's.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/cpumask.h>
#include <linux/gfp_types.h>
#include <linux/percpu-defs.h>
#include <linux/preempt.h>
#include <linux/printk.h>
#include <linux/smp.h>
#include <linux/types.h>
#include <asm/percpu.h>

#define PCPU_MIN_UNIT_SIZE (32 << 10)
#define PCPU_MIN_ALLOC_SHIFT 2
#define PCPU_MIN_ALLOC_SIZE (1 << PCPU_MIN_ALLOC_SHIFT)
#define PERCPU_DYNAMIC_RESERVE (28 << 10)

KLOOM_BEGIN_DECLS
/* Zeroed memory for each possible CPU; NULL when there is none. Context: task; may sleep. */
extern void __percpu *__alloc_percpu(size_t size, size_t align);
/* Context: as `gfp` says; without __GFP_DIRECT_RECLAIM it does not sleep. */
extern void __percpu *__alloc_percpu_gfp(size_t size, size_t align, gfp_t gfp);
/* NULL is ignored. Context: any. */
extern void free_percpu(void __percpu *ptr);
/* Whether `addr` lies in a CPU's copy of a static variable. */
extern bool is_kernel_percpu_address(unsigned long addr);
KLOOM_END_DECLS

#define alloc_percpu_gfp(type, gfp) \
	((__typeof__(type) __percpu *)__alloc_percpu_gfp(sizeof(type), __alignof__(type), gfp))
#define alloc_percpu(type) ((__typeof__(type) __percpu *)__alloc_percpu(sizeof(type), __alignof__(type)))
