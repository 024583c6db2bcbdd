// SPDX-License-Identifier: MIT
// conformance: whole pages, vmalloc and kvmalloc: alignment, zeroing, orders that are too great, which addresses are vmalloc's
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

static void show_pages(unsigned int order)
{
	unsigned long address = __get_free_pages(GFP_KERNEL | __GFP_ZERO, order);

	pr_info("order %u: aligned %d zeroed %d vmalloc %d valid %d\n", order, IS_ALIGNED(address, PAGE_SIZE << order),
		!memchr_inv((void *)address, 0, PAGE_SIZE << order), is_vmalloc_addr((void *)address), virt_addr_valid(address));
	free_pages(address, order);
}

static void show_memory(const char *name, void *memory, size_t size)
{
	if (!memory) {
		pr_info("%s: none\n", name);
		return;
	}
	pr_info("%s: page aligned %d zeroed %d vmalloc %d\n", name, IS_ALIGNED((unsigned long)memory, PAGE_SIZE),
		!memchr_inv(memory, 0, size), is_vmalloc_addr(memory));
	kvfree(memory);
}

static int __init pages_init(void)
{
	unsigned long page = get_zeroed_page(GFP_KERNEL);
	struct page *pages = alloc_pages(GFP_KERNEL, 1);
	size_t much = SIZE_MAX / 2;
	void *exact;
	int i;

	OPTIMIZER_HIDE_VAR(much);
	for (i = 0; i < 4; i++)
		show_pages(i);
	pr_info("order 11: %d\n", __get_free_pages(GFP_KERNEL | __GFP_NOWARN, MAX_ORDER) == 0);
	pr_info("offset_in_page %lu, of the page %d, count %d, next %d\n", offset_in_page(page + 5),
		page_address(virt_to_page((void *)page)) == (void *)page, page_count(pages),
		page_address(pages + 1) == page_address(pages) + PAGE_SIZE);
	free_page(page);
	get_page(pages);
	pr_info("after get_page: count %d", page_count(pages));
	put_page(pages);
	pr_cont(" and after put_page %d\n", page_count(pages));
	__free_pages(pages, 1);
	free_pages(0, 0);
	exact = alloc_pages_exact(3 * PAGE_SIZE, GFP_KERNEL | __GFP_ZERO);
	pr_info("exact: aligned %d\n", IS_ALIGNED((unsigned long)exact, PAGE_SIZE));
	free_pages_exact(exact, 3 * PAGE_SIZE);
	show_memory("vzalloc", vzalloc(10000), 10000);
	show_memory("kvzalloc small", kvzalloc(100 * PAGE_SIZE / 100, GFP_KERNEL), 1);
	show_memory("kvzalloc of 16 MB", kvzalloc(16 << 20, GFP_KERNEL), 16);
	show_memory("kvcalloc overflowing", kvcalloc(much, 4, GFP_KERNEL), 1);
	show_memory("kvmalloc_array", kvmalloc_array(10, 10, GFP_KERNEL | __GFP_ZERO), 100);
	vfree(NULL);
	kvfree(NULL);
	pr_info("get_order %d %d %d %d, PAGE_ALIGN %lu %lu\n", get_order(1), get_order(4096), get_order(4097), get_order(1 << 20),
		PAGE_ALIGN(1UL), PAGE_ALIGN(4096UL));
	return 0;
}

static void __exit pages_exit(void)
{
}

module_init(pages_init);
module_exit(pages_exit);
MODULE_LICENSE("Dual MIT/GPL");
