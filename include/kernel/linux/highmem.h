/*
 * Temporary mappings of pages. Every page of the machine is mapped for good, so they yield its address; what they promise about
 * preemption holds as in Linux.
 */
#pragma once

#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#define PageHighMem(page) ((void)(page), 0)

/* Context: task; may sleep. */
static inline void *kmap(struct page *page)
{
	might_sleep();
	return page_address(page);
}

static inline void kunmap(struct page *page)
{
	(void)page;
}

/* Preemption and page faults are off until kunmap_atomic(). Context: any. */
static __always_inline void *kmap_atomic(struct page *page)
{
	preempt_disable();
	pagefault_disable();
	return page_address(page);
}

static __always_inline void __kunmap_atomic(const void *addr)
{
	(void)addr;
	pagefault_enable();
	preempt_enable();
}
#define kunmap_atomic(addr) __kunmap_atomic(addr)

/* For the task that maps only. Context: any. */
static inline void *kmap_local_page(struct page *page)
{
	return page_address(page);
}
#define kunmap_local(addr) ((void)(addr))

#ifndef KLOOM_IMPLEMENTATION
static inline void clear_page(void *page)
{
	memset(page, 0, PAGE_SIZE);
}

static inline void copy_page(void *to, const void *from)
{
	memcpy(to, from, PAGE_SIZE);
}

static inline void clear_highpage(struct page *page)
{
	clear_page(page_address(page));
}

static inline void copy_highpage(struct page *to, struct page *from)
{
	copy_page(page_address(to), page_address(from));
}

static inline void zero_user(struct page *page, unsigned int start, unsigned int size)
{
	memset((char *)page_address(page) + start, 0, size);
}

static inline void memcpy_from_page(char *to, struct page *page, size_t offset, size_t len)
{
	memcpy(to, (char *)page_address(page) + offset, len);
}

static inline void memcpy_to_page(struct page *page, size_t offset, const char *from, size_t len)
{
	memcpy((char *)page_address(page) + offset, from, len);
}
#endif
