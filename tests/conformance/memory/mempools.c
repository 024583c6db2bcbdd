// SPDX-License-Identifier: MIT
// conformance: mempool: when its allocation function is called, which element comes back, what waits, resizing, ready-made pools
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mempool.h>
#include <linux/module.h>
#include <linux/slab.h>

static int numbers[20];
static int next_number, limit = 20;

static void *get_number(gfp_t gfp, void *data)
{
	pr_info("alloc %s, may sleep %d, quietly %d\n", next_number < limit ? "gives one" : "fails", gfpflags_allow_blocking(gfp),
		!!(gfp & __GFP_NOWARN));
	return next_number < limit ? &numbers[next_number++] : NULL;
}

static void put_number(void *element, void *data)
{
	pr_info("free %d\n", (int)((int *)element - numbers));
}

static void show(const char *what, void *element, mempool_t *pool)
{
	pr_info("%s: %d, kept %d of %d\n", what, element ? (int)((int *)element - numbers) : -1, pool->curr_nr, pool->min_nr);
}

static int free_later(void *pool)
{
	msleep(100);
	pr_info("free from a thread\n");
	mempool_free(&numbers[1], pool);
	return 0;
}

static void own_pool(void)
{
	mempool_t *pool = mempool_create(3, get_number, put_number, NULL);

	show("created", NULL, pool);
	show("alloc", mempool_alloc(pool, GFP_KERNEL), pool);
	limit = next_number;
	show("alloc", mempool_alloc(pool, GFP_ATOMIC), pool);
	show("alloc", mempool_alloc(pool, GFP_KERNEL), pool);
	show("alloc", mempool_alloc(pool, GFP_KERNEL), pool);
	show("alloc, atomic, nothing left", mempool_alloc(pool, GFP_ATOMIC), pool);
	kthread_run(free_later, pool, "free_later");
	show("alloc that waits", mempool_alloc(pool, GFP_NOIO), pool);
	mempool_free(&numbers[0], pool);
	mempool_free(&numbers[1], pool);
	mempool_free(&numbers[2], pool);
	show("all back", NULL, pool);
	mempool_free(&numbers[3], pool);
	mempool_free(NULL, pool);
	pr_info("resize to 1: %d\n", mempool_resize(pool, 1));
	limit = 20;
	pr_info("resize to 3: %d\n", mempool_resize(pool, 3));
	show("resized", NULL, pool);
	mempool_destroy(pool);
	mempool_destroy(NULL);
	limit = next_number + 1;
	pr_info("too few: %d\n", mempool_create(2, get_number, put_number, NULL) == NULL);
}

static int __init mempools_init(void)
{
	struct kmem_cache *cache = kmem_cache_create("conformance_pool", 40, 0, 0, NULL);
	mempool_t *pool = mempool_create_slab_pool(2, cache), on_stack;
	void *element = mempool_alloc(pool, GFP_KERNEL);

	pr_info("slab pool: %d, element %d\n", pool->curr_nr, !!element);
	mempool_free(element, pool);
	mempool_destroy(pool);
	kmem_cache_destroy(cache);
	pr_info("kmalloc pool: %d, initialized %d\n", mempool_init_kmalloc_pool(&on_stack, 2, 100), mempool_initialized(&on_stack));
	mempool_exit(&on_stack);
	pr_info("after exit: initialized %d\n", mempool_initialized(&on_stack));
	pool = mempool_create_page_pool(1, 0);
	element = mempool_alloc(pool, GFP_KERNEL);
	mempool_free(element, pool);
	mempool_destroy(pool);
	own_pool();
	return 0;
}

static void __exit mempools_exit(void)
{
}

module_init(mempools_init);
module_exit(mempools_exit);
MODULE_LICENSE("Dual MIT/GPL");
