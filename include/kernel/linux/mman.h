/*
 * Protections and kinds of mappings, as mmap(2) takes them.
 */
#pragma once

#ifdef KLOOM_IMPLEMENTATION
#include <sys/mman.h>
#else
#define PROT_READ 0x1
#define PROT_WRITE 0x2
#define PROT_EXEC 0x4
#define PROT_NONE 0x0
#define MAP_SHARED 0x01
#define MAP_PRIVATE 0x02
#define MAP_FIXED 0x10
#define MAP_ANONYMOUS 0x20
#define MAP_LOCKED 0x2000
#define MAP_POPULATE 0x8000
#endif

#include <linux/mm.h>
