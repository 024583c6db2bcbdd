// kloom:
// Every family of allocation: contents, sizes, alignment, what may be freed how.
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

struct thing {
	int a, b;
};

static bool is_zero(const void *memory, size_t size)
{
	return memchr_inv(memory, 0, size) == NULL;
}

static void check_kmalloc(void)
{
	char *block = kmalloc(20, GFP_KERNEL);
	char *array = kcalloc(10, 7, GFP_KERNEL);

	BUG_ON(!block || !array);
	BUG_ON(!is_zero(array, 70));
	BUG_ON(ksize(block) != 32);
	strcpy(block, "0123456789");
	block = krealloc(block, 200, GFP_KERNEL);
	BUG_ON(strcmp(block, "0123456789") != 0);
	BUG_ON(kmalloc_array(SIZE_MAX / 2, 4, GFP_KERNEL));
	BUG_ON(kmalloc(0, GFP_KERNEL) != ZERO_SIZE_PTR);
	kfree(ZERO_SIZE_PTR);
	kfree(NULL);
	kfree_sensitive(block);
	kfree(array);
	array = kmalloc(4096, GFP_ATOMIC);
	BUG_ON(!PAGE_ALIGNED(array));
	kfree(array);
}

static void construct(void *object)
{
	struct thing *thing = object;

	thing->a = 5;
}

static void check_cache(void)
{
	struct kmem_cache *cache = kmem_cache_create("thing", sizeof(struct thing), 0, SLAB_HWCACHE_ALIGN, construct);
	struct thing *thing;

	BUG_ON(!cache);
	BUG_ON(kmem_cache_size(cache) != sizeof(struct thing));
	thing = kmem_cache_alloc(cache, GFP_KERNEL);
	BUG_ON(thing->a != 5);
	kmem_cache_free(cache, thing);
	kmem_cache_destroy(cache);
}

static void check_pages(void)
{
	unsigned long address = get_zeroed_page(GFP_KERNEL);
	struct page *page = alloc_pages(GFP_KERNEL, 2);
	char *mapped;

	BUG_ON(!address || !page);
	BUG_ON(!is_zero((void *)address, PAGE_SIZE));
	BUG_ON(virt_to_page(page_address(page)) != page);
	BUG_ON(phys_to_virt(virt_to_phys((void *)address)) != (void *)address);
	mapped = kmap_atomic(page);
	memset(mapped, 1, 4 * PAGE_SIZE);
	kunmap_atomic(mapped);
	get_page(page);
	put_page(page);
	BUG_ON(page_count(page) != 1);
	__free_pages(page, 2);
	free_page(address);
}

static void check_vmalloc(void)
{
	char *area = vzalloc(100000);
	char *large = kvmalloc(8 << 20, GFP_KERNEL);

	BUG_ON(!area || !large);
	BUG_ON(!is_vmalloc_addr(area) || !is_vmalloc_addr(large));
	BUG_ON(!is_zero(area, 100000));
	area[99999] = 1;
	vfree(area);
	kvfree(large);
}

static void check_copies(void)
{
	char *text = kstrdup("text", GFP_KERNEL);
	char *part = kstrndup("abcdef", 3, GFP_KERNEL);
	char *made = kasprintf(GFP_KERNEL, "%s-%d", text, 7);
	int *copy;
	int value = 3;

	copy = kmemdup(&value, sizeof(value), GFP_KERNEL);
	BUG_ON(strcmp(made, "text-7") != 0 || strcmp(part, "abc") != 0 || *copy != 3);
	kfree(text);
	kfree(part);
	kfree(made);
	kfree(copy);
}

static int __init start(void)
{
	check_kmalloc();
	check_cache();
	check_pages();
	check_vmalloc();
	check_copies();
	return 0;
}

static void __exit stop(void)
{
}

module_init(start);
module_exit(stop);
MODULE_LICENSE("GPL");
