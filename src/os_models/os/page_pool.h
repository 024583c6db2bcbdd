/* Page frames: those that are free, and those that processes have. */
#pragma once

#include "os.h"

/* The pool begins with these frames. */
void os_page_pool_start(struct os_page_pool *pool, struct os_frame *frames, u32 count);

/*
 * Gives the process frames until it has `wanted`, or takes some away, in this CPU's pool or where the organisation
 * finds some. Returns how many it still lacks. Requires: the process runs on this CPU, which is in the kernel.
 */
u32 os_pages_set(struct os *os, struct os_process *p, u32 wanted, u64 work_ns);
