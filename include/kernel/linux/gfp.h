/*
 * Pages of memory: powers of two of them, aligned to their size.
 *
 * Context: as the gfp flags say: with __GFP_DIRECT_RECLAIM (GFP_KERNEL) a task that may sleep, else any. Freeing: any.
 */
#pragma once

#include <linux/gfp_types.h>
#include <linux/mmzone.h>
#include <linux/topology.h>

struct page;

static __always_inline bool gfpflags_allow_blocking(const gfp_t gfp_flags)
{
	return !!(gfp_flags & __GFP_DIRECT_RECLAIM);
}

KLOOM_BEGIN_DECLS
/* 2^order pages; NULL (0) when there are none. */
extern struct page *alloc_pages(gfp_t gfp, unsigned int order);
extern unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order);
extern unsigned long get_zeroed_page(gfp_t gfp_mask);
/* Drops a reference to the pages; the last one frees them. */
extern void __free_pages(struct page *page, unsigned int order);
extern void free_pages(unsigned long addr, unsigned int order);

/* Exactly `size` bytes, rounded up to pages. */
extern void *alloc_pages_exact(size_t size, gfp_t gfp_mask);
extern void free_pages_exact(void *virt, size_t size);
KLOOM_END_DECLS

#define alloc_page(gfp_mask) alloc_pages(gfp_mask, 0)
#define alloc_pages_node(nid, gfp_mask, order) ((void)(nid), alloc_pages(gfp_mask, order))
#define __alloc_pages_node(nid, gfp_mask, order) alloc_pages_node(nid, gfp_mask, order)
#define __get_free_page(gfp_mask) __get_free_pages((gfp_mask), 0)
#define __get_dma_pages(gfp_mask, order) __get_free_pages((gfp_mask) | GFP_DMA, (order))
#define __free_page(page) __free_pages((page), 0)
#define free_page(addr) free_pages((addr), 0)
