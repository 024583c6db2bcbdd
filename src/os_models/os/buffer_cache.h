/* The buffer cache: disk blocks in memory. */
#pragma once

#include "os.h"

enum os_file_access {
	OS_READ_BLOCK,
	OS_WRITE_BLOCK,
};

/*
 * Reads or writes a block in the cache that serves this CPU; false when the block is not there and must be read from
 * the disk. Requires: this CPU is in the kernel.
 */
bool os_cache_access(struct os *os, const struct os_call *call, enum os_file_access access);

/* The same after the disk was read: the block is put into the cache, whose oldest buffer gives way. */
void os_cache_fill(struct os *os, const struct os_call *call, enum os_file_access access);
