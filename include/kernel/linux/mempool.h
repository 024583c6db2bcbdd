/*
 * Pools that keep some elements back for when memory is short.
 */
#pragma once

#include <linux/compiler.h>
#include <linux/gfp.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/wait.h>

typedef void *(mempool_alloc_t)(gfp_t gfp_mask, void *pool_data);
typedef void(mempool_free_t)(void *element, void *pool_data);

typedef struct mempool_s {
	spinlock_t lock; /* protects the numbers and the elements */
	int min_nr;	 /* elements that are kept back */
	int curr_nr;	 /* of those, how many are there */
	void **elements;
	void *pool_data;
	mempool_alloc_t *alloc;
	mempool_free_t *free;
	wait_queue_head_t wait;
} mempool_t;

KLOOM_BEGIN_DECLS
/* A pool with `min_nr` elements from `alloc_fn`; NULL or -ENOMEM when they cannot be had. Context: task, may sleep. */
extern mempool_t *mempool_create(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data);
extern mempool_t *mempool_create_node(int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data,
				      gfp_t gfp_mask, int node_id);
extern int mempool_init(mempool_t *pool, int min_nr, mempool_alloc_t *alloc_fn, mempool_free_t *free_fn, void *pool_data);
extern int mempool_resize(mempool_t *pool, int new_min_nr);
extern void mempool_destroy(mempool_t *pool);
extern void mempool_exit(mempool_t *pool);

/*
 * A new element, or one of those kept back. With a mask that may sleep it waits for one and never fails. Context: as the mask
 * says.
 */
extern void *mempool_alloc(mempool_t *pool, gfp_t gfp_mask) __malloc;
/* Puts the element among those kept back when some are missing there. Context: as the pool's free function. */
extern void mempool_free(void *element, mempool_t *pool);

/* Functions for pools of objects of a cache, of kmalloc() and of pages; the pool's data is the cache, the size, the order. */
extern void *mempool_alloc_slab(gfp_t gfp_mask, void *pool_data);
extern void mempool_free_slab(void *element, void *pool_data);
extern void *mempool_kmalloc(gfp_t gfp_mask, void *pool_data);
extern void mempool_kfree(void *element, void *pool_data);
extern void *mempool_alloc_pages(gfp_t gfp_mask, void *pool_data);
extern void mempool_free_pages(void *element, void *pool_data);
KLOOM_END_DECLS

static inline bool mempool_initialized(mempool_t *pool)
{
	return pool->elements != NULL;
}

static inline mempool_t *mempool_create_slab_pool(int min_nr, struct kmem_cache *kc)
{
	return mempool_create(min_nr, mempool_alloc_slab, mempool_free_slab, (void *)kc);
}

static inline int mempool_init_slab_pool(mempool_t *pool, int min_nr, struct kmem_cache *kc)
{
	return mempool_init(pool, min_nr, mempool_alloc_slab, mempool_free_slab, (void *)kc);
}

static inline mempool_t *mempool_create_kmalloc_pool(int min_nr, size_t size)
{
	return mempool_create(min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline int mempool_init_kmalloc_pool(mempool_t *pool, int min_nr, size_t size)
{
	return mempool_init(pool, min_nr, mempool_kmalloc, mempool_kfree, (void *)size);
}

static inline mempool_t *mempool_create_page_pool(int min_nr, int order)
{
	return mempool_create(min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}

static inline int mempool_init_page_pool(mempool_t *pool, int min_nr, int order)
{
	return mempool_init(pool, min_nr, mempool_alloc_pages, mempool_free_pages, (void *)(long)order);
}
