/* Page frames: those that are free, and those that processes have. */
#pragma once

#include "os.h"

/* Adds a free frame. Requires: the pool is the caller's alone. */
void os_page_pool_add(struct os_page_pool *pool, struct os_frame *frame);

/*
 * Gives the process frames until it has `wanted`, or takes some away, in this CPU's pool or where the organisation
 * finds some. Returns how many it still lacks. Requires: the process runs on this CPU, which is in the kernel.
 */
u32 os_pages_set(struct os *os, struct os_process *p, u32 wanted, u64 work_ns);
