/*
 * Memory that is contiguous for the kernel only.
 *
 * Context: task; may sleep. vfree() may be called from interrupts too.
 */
#pragma once

#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/mm_types.h>
#include <linux/types.h>
#include <asm/page.h>

KLOOM_BEGIN_DECLS
/* Page-aligned memory; NULL when there is none. vfree(NULL) is ignored. */
extern void *vmalloc(unsigned long size);
extern void *vzalloc(unsigned long size);
extern void *vmalloc_user(unsigned long size);
extern void *vmalloc_node(unsigned long size, int node);
extern void *vzalloc_node(unsigned long size, int node);
extern void *vmalloc_32(unsigned long size);
extern void *vmalloc_32_user(unsigned long size);
extern void *__vmalloc(unsigned long size, gfp_t gfp_mask);
extern void *vmalloc_array(size_t n, size_t size);
extern void *vcalloc(size_t n, size_t size);
extern void vfree(const void *addr);
extern void vfree_atomic(const void *addr);
KLOOM_END_DECLS

static inline bool is_vmalloc_addr(const void *x)
{
	return (unsigned long)x >= VMALLOC_START && (unsigned long)x <= VMALLOC_END;
}

static inline struct page *vmalloc_to_page(const void *addr)
{
	return virt_to_page(addr);
}

static inline unsigned long vmalloc_to_pfn(const void *addr)
{
	return virt_to_pfn(addr);
}
