/*
 * Memory management for drivers: pages and their addresses, the areas that a file's mmap operation gets, facts about the
 * machine's memory.
 */
#pragma once

#include <linux/atomic.h>
#include <linux/bug.h>
#include <linux/err.h>
#include <linux/errno.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/mmzone.h>
#include <linux/page-flags.h>
#include <linux/slab.h>
#include <linux/sysinfo.h>
#include <linux/types.h>
#include <linux/vmalloc.h>
#ifndef KLOOM_IMPLEMENTATION
#include <linux/sched.h>
#endif

#define VM_NONE 0x00000000UL
#define VM_READ 0x00000001UL
#define VM_WRITE 0x00000002UL
#define VM_EXEC 0x00000004UL
#define VM_SHARED 0x00000008UL
#define VM_MAYREAD 0x00000010UL
#define VM_MAYWRITE 0x00000020UL
#define VM_MAYEXEC 0x00000040UL
#define VM_MAYSHARE 0x00000080UL
#define VM_GROWSDOWN 0x00000100UL
#define VM_PFNMAP 0x00000400UL
#define VM_LOCKED 0x00002000UL
#define VM_IO 0x00004000UL
#define VM_DONTCOPY 0x00020000UL
#define VM_DONTEXPAND 0x00040000UL
#define VM_ACCOUNT 0x00100000UL
#define VM_NORESERVE 0x00200000UL
#define VM_DONTDUMP 0x04000000UL
#define VM_MIXEDMAP 0x10000000UL
#define VM_RESERVED (VM_DONTEXPAND | VM_DONTDUMP)

enum fault_flag {
	FAULT_FLAG_WRITE = 1 << 0,
	FAULT_FLAG_MKWRITE = 1 << 1,
	FAULT_FLAG_USER = 1 << 6,
};

/* What a page fault of a mapped file asks and gets. */
struct vm_fault {
	struct vm_area_struct *vma;
	gfp_t gfp_mask;
	pgoff_t pgoff; /* in the file */
	unsigned long address;
	unsigned int flags; /* FAULT_FLAG_* */
	struct page *page;  /* answer, with a reference */
};

struct vm_operations_struct {
	void (*open)(struct vm_area_struct *area);
	void (*close)(struct vm_area_struct *area);
	int (*mremap)(struct vm_area_struct *area);
	vm_fault_t (*fault)(struct vm_fault *vmf);
	vm_fault_t (*page_mkwrite)(struct vm_fault *vmf);
	int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write);
	const char *(*name)(struct vm_area_struct *vma);
};

static inline void *page_address(const struct page *page)
{
	return pfn_to_kaddr(page_to_pfn(page));
}

static inline void *lowmem_page_address(const struct page *page)
{
	return page_address(page);
}

/* References: a page is freed with its last one. Context: any. */
static __always_inline int page_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}

static __always_inline int page_ref_count(const struct page *page)
{
	return atomic_read(&page->_refcount);
}

static __always_inline void get_page(struct page *page)
{
	atomic_inc(&page->_refcount);
}

KLOOM_BEGIN_DECLS
extern void put_page(struct page *page);

/*
 * Called by a file's mmap operation: part of the area shows these pages from now on. -EINVAL when the range does not fit the
 * area or the pages are none that were allocated. Context: task.
 */
extern int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size,
			   pgprot_t prot);
extern int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff);
extern int vm_insert_page(struct vm_area_struct *vma, unsigned long addr, struct page *page);

/* Facts of the machine's memory, in pages. Context: any. */
extern unsigned long totalram_pages(void);
extern void si_meminfo(struct sysinfo *val);
KLOOM_END_DECLS

static inline unsigned int compound_order(struct page *page)
{
	return page->order;
}

static inline unsigned long page_size(struct page *page)
{
	return PAGE_SIZE << page->order;
}

static inline unsigned long vma_pages(const struct vm_area_struct *vma)
{
	return (vma->vm_end - vma->vm_start) >> PAGE_SHIFT;
}

static inline void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags |= flags;
}

static inline void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)
{
	vma->vm_flags &= ~flags;
}
