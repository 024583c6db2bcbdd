/*
 * The limits of the page allocator. The machine's memory is one zone of one node.
 */
#pragma once

#include <linux/numa.h>
#include <linux/threads.h>
#include <linux/types.h>
#include <asm/page.h>

#define MAX_ORDER 11
#define MAX_ORDER_NR_PAGES (1 << (MAX_ORDER - 1))
#define PAGE_ALLOC_COSTLY_ORDER 3

enum zone_type {
	ZONE_DMA,
	ZONE_DMA32,
	ZONE_NORMAL,
	ZONE_MOVABLE,
	__MAX_NR_ZONES,
};
