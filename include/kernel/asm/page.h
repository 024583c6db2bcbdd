/*
 * Pages and the plain arithmetic between addresses, page frames and their struct page. All memory that the page allocator and the
 * slab allocator hand out lies in one linear mapping at PAGE_OFFSET; "physical" addresses count from its start.
 *
 * Differences: vmalloc memory lies behind the linear mapping (VMALLOC_START). Module data has no physical address.
 */
#pragma once

#include <linux/align.h>
#include <linux/const.h>
#include <linux/types.h>
#include <asm-generic/getorder.h>

#define PAGE_SHIFT 12
#define PAGE_SIZE (_AC(1, UL) << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#define PAGE_ALIGN(addr) ALIGN(addr, PAGE_SIZE)
#define PAGE_ALIGN_DOWN(addr) ALIGN_DOWN(addr, PAGE_SIZE)
#define PAGE_ALIGNED(addr) IS_ALIGNED((unsigned long)(addr), PAGE_SIZE)
#define offset_in_page(p) ((unsigned long)(p) & ~PAGE_MASK)

#define PAGE_OFFSET 0x200000000000UL
#define KLOOM_LINEAR_SIZE 0x1000000000UL
#define VMALLOC_START (PAGE_OFFSET + KLOOM_LINEAR_SIZE)
#define VMALLOC_END (PAGE_OFFSET + 3 * KLOOM_LINEAR_SIZE - 1)
#define VMEMMAP_START 0x2c0000000000UL
#define KLOOM_VMEMMAP_SIZE (3 * KLOOM_LINEAR_SIZE / PAGE_SIZE * 64)

#define __pa(x) ((unsigned long)(x) - PAGE_OFFSET)
#define __va(x) ((void *)((unsigned long)(x) + PAGE_OFFSET))

#define vmemmap ((struct page *)VMEMMAP_START)
#define ARCH_PFN_OFFSET 0UL
#define pfn_valid(pfn) ((unsigned long)(pfn) < KLOOM_LINEAR_SIZE / PAGE_SIZE)
#define pfn_to_page(pfn) (vmemmap + (pfn))
#define page_to_pfn(page) ((unsigned long)((page) - vmemmap))
#define page_to_phys(page) ((phys_addr_t)page_to_pfn(page) << PAGE_SHIFT)
#define pfn_to_kaddr(pfn) __va((unsigned long)(pfn) << PAGE_SHIFT)
#define virt_to_pfn(kaddr) (__pa(kaddr) >> PAGE_SHIFT)
#define virt_to_page(kaddr) pfn_to_page(virt_to_pfn(kaddr))
#define page_to_virt(page) __va(page_to_phys(page))
#define virt_addr_valid(kaddr) pfn_valid(virt_to_pfn(kaddr))

#define __PHYSICAL_MASK_SHIFT 46

static inline phys_addr_t virt_to_phys(const volatile void *address)
{
	return __pa(address);
}

static inline void *phys_to_virt(phys_addr_t address)
{
	return __va(address);
}

#define virt_to_bus virt_to_phys
#define bus_to_virt phys_to_virt
