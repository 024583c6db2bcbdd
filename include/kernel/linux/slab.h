/*
 * Memory in objects: kmalloc() and caches of equal objects.
 *
 * Context: allocation as its gfp flags say: with __GFP_DIRECT_RECLAIM (GFP_KERNEL) a task that may sleep, else any. Freeing: any.
 * Differences: an address is not handed out again while the machine has others, so a use after free is always seen. kmalloc()
 * fills memory with 0x5a, kfree() with 0x6b.
 */
#pragma once

#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/types.h>
#include <asm/cache.h>
#include <asm/page.h>

#define SLAB_CONSISTENCY_CHECKS ((slab_flags_t)0x00000100U)
#define SLAB_RED_ZONE ((slab_flags_t)0x00000400U)
#define SLAB_POISON ((slab_flags_t)0x00000800U)
#define SLAB_HWCACHE_ALIGN ((slab_flags_t)0x00002000U)
#define SLAB_CACHE_DMA ((slab_flags_t)0x00004000U)
#define SLAB_CACHE_DMA32 ((slab_flags_t)0x00008000U)
#define SLAB_STORE_USER ((slab_flags_t)0x00010000U)
#define SLAB_RECLAIM_ACCOUNT ((slab_flags_t)0x00020000U)
#define SLAB_PANIC ((slab_flags_t)0x00040000U)
#define SLAB_MEM_SPREAD ((slab_flags_t)0x00100000U)
#define SLAB_NOLEAKTRACE ((slab_flags_t)0x00800000U)
#define SLAB_ACCOUNT ((slab_flags_t)0x04000000U)
#define SLAB_TEMPORARY SLAB_RECLAIM_ACCOUNT

#define KMALLOC_SHIFT_LOW 3
#define KMALLOC_SHIFT_HIGH (PAGE_SHIFT + 1)
#define KMALLOC_SHIFT_MAX (MAX_ORDER + PAGE_SHIFT - 1)
#define KMALLOC_MIN_SIZE (1 << KMALLOC_SHIFT_LOW)
#define KMALLOC_MAX_CACHE_SIZE (1UL << KMALLOC_SHIFT_HIGH)
#define KMALLOC_MAX_SIZE (1UL << KMALLOC_SHIFT_MAX)
#define KMALLOC_MAX_ORDER (KMALLOC_SHIFT_MAX - PAGE_SHIFT)
#define ARCH_KMALLOC_MINALIGN 8UL
#define ARCH_SLAB_MINALIGN 8UL

/* What kmalloc(0) returns: not NULL, may be freed, must not be used. */
#define ZERO_SIZE_PTR ((void *)16)
#define ZERO_OR_NULL_PTR(x) ((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

struct kmem_cache;

KLOOM_BEGIN_DECLS
/* Memory for an object or an array of them; NULL when there is none or the size overflows. */
extern void *kmalloc(size_t size, gfp_t flags);
extern void *kzalloc(size_t size, gfp_t flags);
extern void *kmalloc_array(size_t n, size_t size, gfp_t flags);
extern void *kcalloc(size_t n, size_t size, gfp_t flags);
extern void *kmalloc_node(size_t size, gfp_t flags, int node);
extern void *kzalloc_node(size_t size, gfp_t flags, int node);
extern void *kmalloc_array_node(size_t n, size_t size, gfp_t flags, int node);
extern void *kcalloc_node(size_t n, size_t size, gfp_t flags, int node);

/* The contents up to the smaller of both sizes; the old pointer is dead unless NULL is returned. */
extern void *__must_check krealloc(const void *objp, size_t new_size, gfp_t flags);
extern void *__must_check krealloc_array(void *p, size_t new_n, size_t new_size, gfp_t flags);

/* NULL is ignored. kfree_sensitive() overwrites the object first. */
extern void kfree(const void *objp);
extern void kfree_sensitive(const void *objp);
#define kzfree(x) kfree_sensitive(x)

/* Bytes that may be used, at least as many as were asked for. */
extern size_t ksize(const void *objp);
extern size_t kmalloc_size_roundup(size_t size);

/* Physically contiguous if that is possible, from vmalloc() otherwise. Context: task; may sleep. */
extern void *kvmalloc(size_t size, gfp_t flags);
extern void *kvzalloc(size_t size, gfp_t flags);
extern void *kvmalloc_array(size_t n, size_t size, gfp_t flags);
extern void *kvcalloc(size_t n, size_t size, gfp_t flags);
extern void *kvmalloc_node(size_t size, gfp_t flags, int node);
extern void *kvzalloc_node(size_t size, gfp_t flags, int node);
extern void *kvrealloc(const void *p, size_t oldsize, size_t newsize, gfp_t flags);
extern void kvfree(const void *addr);
extern void kvfree_sensitive(const void *addr, size_t len);

/* A cache of objects of one size; `ctor` is called for each object that is allocated. Context: task; may sleep. */
extern struct kmem_cache *kmem_cache_create(const char *name, unsigned int size, unsigned int align, slab_flags_t flags,
					    void (*ctor)(void *object));
extern struct kmem_cache *kmem_cache_create_usercopy(const char *name, unsigned int size, unsigned int align,
						     slab_flags_t flags, unsigned int useroffset,
						     unsigned int usersize, void (*ctor)(void *object));
extern void kmem_cache_destroy(struct kmem_cache *cache);
extern int kmem_cache_shrink(struct kmem_cache *cache);
extern unsigned int kmem_cache_size(struct kmem_cache *cache);

extern void *kmem_cache_alloc(struct kmem_cache *cache, gfp_t flags);
extern void *kmem_cache_zalloc(struct kmem_cache *cache, gfp_t flags);
extern void *kmem_cache_alloc_node(struct kmem_cache *cache, gfp_t flags, int node);
extern void kmem_cache_free(struct kmem_cache *cache, void *objp);
/* All `size` objects or none: the number. */
extern int kmem_cache_alloc_bulk(struct kmem_cache *cache, gfp_t flags, size_t size, void **p);
extern void kmem_cache_free_bulk(struct kmem_cache *cache, size_t size, void **p);
extern void kfree_bulk(size_t size, void **p);
KLOOM_END_DECLS

#define KMEM_CACHE(__struct, __flags) \
	kmem_cache_create(#__struct, sizeof(struct __struct), __alignof__(struct __struct), (__flags), NULL)
#define KMEM_CACHE_USERCOPY(__struct, __flags, __field) KMEM_CACHE(__struct, __flags)
