/*
 * The CPU: its pause in loops, prefetching, and the size of user space.
 */
#pragma once

#include <asm/barrier.h>
#include <asm/msr.h>
#include <linux/cache.h>
#include <linux/prefetch.h>

#define TASK_SIZE_MAX ((1UL << 47) - 4096)
#define TASK_SIZE     TASK_SIZE_MAX
