// SPDX-License-Identifier: MIT
// conformance: kmem_cache: alignment of objects, zeroing, bulk allocation, destruction of empty and used caches
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

struct object {
	u64 number;
	char text[20];
};

static void construct(void *object)
{
	memset(object, 'c', sizeof(struct object));
}

static void show_cache(const char *name, unsigned int size, unsigned int align, slab_flags_t flags)
{
	struct kmem_cache *cache = kmem_cache_create(name, size, align, flags, NULL);
	void *objects[5];
	bool is_aligned = true;
	int got, i;

	if (!cache) {
		pr_info("%s: none\n", name);
		return;
	}
	got = kmem_cache_alloc_bulk(cache, GFP_KERNEL | __GFP_ZERO, ARRAY_SIZE(objects), objects);
	for (i = 0; i < got; i++)
		is_aligned = is_aligned && IS_ALIGNED((unsigned long)objects[i], align ?: 8);
	pr_info("%s: bulk %d, aligned %d, zeroed %d\n", name, got, is_aligned,
		got && !memchr_inv(objects[0], 0, size));
	kmem_cache_free_bulk(cache, got, objects);
	kmem_cache_destroy(cache);
}

static int __init caches_init(void)
{
	struct kmem_cache *cache = KMEM_CACHE(object, 0);
	struct object *object;

	show_cache("conformance_20", 20, 0, 0);
	show_cache("conformance_20_64", 20, 64, 0);
	show_cache("conformance_cacheline", 20, 0, SLAB_HWCACHE_ALIGN);
	show_cache("conformance_100_32", 100, 32, 0);
	show_cache("conformance_page", 4096, 4096, 0);
	show_cache("conformance_1", 1, 1, 0);
	object = kmem_cache_zalloc(cache, GFP_KERNEL);
	pr_info("zalloc %llu [%s]\n", object->number, object->text);
	kmem_cache_free(cache, object);
	kmem_cache_destroy(cache);
	kmem_cache_destroy(NULL);
	cache = kmem_cache_create("conformance_ctor", sizeof(struct object), 0, 0, construct);
	object = kmem_cache_alloc(cache, GFP_KERNEL);
	pr_info("constructed [%.20s]\n", object->text);
	kmem_cache_free(cache, object);
	pr_info("shrink %d\n", kmem_cache_shrink(cache));
	kmem_cache_destroy(cache);
	return 0;
}

static void __exit caches_exit(void)
{
}

module_init(caches_init);
module_exit(caches_exit);
MODULE_LICENSE("Dual MIT/GPL");
