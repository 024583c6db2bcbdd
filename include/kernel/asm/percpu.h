/*
 * The architecture's share of per-CPU variables: the distance between a template address and a CPU's copy.
 */
#pragma once

#include <linux/percpu-defs.h>

/* 64 GiB from copy to copy, downwards from the template. */
#define KLOOM_PERCPU_STRIDE (1UL << 36)
#define __per_cpu_offset_of(cpu) (-(((unsigned long)(cpu) + 1) * KLOOM_PERCPU_STRIDE))
#define per_cpu_offset(cpu) __per_cpu_offset_of(cpu)
