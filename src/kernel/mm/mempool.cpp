// Memory pools: elements that are kept back, and those who wait for one. See include/kernel/linux/mempool.h.

#include "kernel/fs/module_call.hpp"
#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/mempool.h>
#include <linux/sched.h>

using namespace kloom::kernel;

namespace {

constexpr long kWaitTicks = 5 * HZ;  // as in Linux, a waiter looks again after a while
constexpr gfp_t kQuietly = __GFP_NOMEMALLOC | __GFP_NORETRY | __GFP_NOWARN;

void* allocate(const mempool_t* pool, gfp_t gfp) {
    return call_operation("mempool alloc", pool->alloc, gfp, pool->pool_data);
}

void release(const mempool_t* pool, void* element) {
    call_operation("mempool free", pool->free, element, pool->pool_data);
}

// Both with the lock held.
void add_element(mempool_t* pool, void* element) { pool->elements[pool->curr_nr++] = element; }
void* take_element(mempool_t* pool) { return pool->elements[--pool->curr_nr]; }

void* take_kept_element(mempool_t* pool) {
    unsigned long flags;
    spin_lock_irqsave(&pool->lock, flags);
    void* element = pool->curr_nr > 0 ? take_element(pool) : nullptr;
    spin_unlock_irqrestore(&pool->lock, flags);
    return element;
}

// Sleeps until an element comes back, unless one has been put back already.
void wait_for_element(mempool_t* pool) {
    struct wait_queue_entry wait;
    init_wait(&wait);
    unsigned long flags;
    spin_lock_irqsave(&pool->lock, flags);
    prepare_to_wait(&pool->wait, &wait, TASK_UNINTERRUPTIBLE);
    const bool is_empty = pool->curr_nr == 0;
    spin_unlock_irqrestore(&pool->lock, flags);
    if (is_empty) io_schedule_timeout(kWaitTicks);
    finish_wait(&pool->wait, &wait);
}

// True when the pool took the element.
bool keep_element(mempool_t* pool, void* element) {
    unsigned long flags;
    spin_lock_irqsave(&pool->lock, flags);
    const bool is_kept = pool->curr_nr < pool->min_nr;
    if (is_kept) add_element(pool, element);
    spin_unlock_irqrestore(&pool->lock, flags);
    return is_kept;
}

int fill(mempool_t* pool) {
    while (pool->curr_nr < pool->min_nr) {  // ends: each round adds an element or returns
        void* element = allocate(pool, GFP_KERNEL);
        if (element == nullptr) return -ENOMEM;
        if (!keep_element(pool, element)) release(pool, element);
    }
    return 0;
}

void shrink(mempool_t* pool, int new_min_nr) {
    unsigned long flags;
    spin_lock_irqsave(&pool->lock, flags);
    pool->min_nr = new_min_nr;
    while (pool->curr_nr > new_min_nr) {  // ends: each round takes one out
        void* element = take_element(pool);
        spin_unlock_irqrestore(&pool->lock, flags);
        release(pool, element);
        spin_lock_irqsave(&pool->lock, flags);
    }
    spin_unlock_irqrestore(&pool->lock, flags);
}

}  // namespace

extern "C" {

int mempool_init(mempool_t* pool, int min_nr, mempool_alloc_t* alloc_fn, mempool_free_t* free_fn, void* pool_data) {
    KLOOM_API();
    note_write(pool, sizeof *pool);
    *pool = {};
    spin_lock_init(&pool->lock);
    init_waitqueue_head(&pool->wait);
    pool->min_nr = min_nr;
    pool->alloc = alloc_fn;
    pool->free = free_fn;
    pool->pool_data = pool_data;
    pool->elements = static_cast<void**>(kmalloc_array(static_cast<size_t>(min_nr), sizeof(void*), GFP_KERNEL));
    if (pool->elements == nullptr) return -ENOMEM;
    const int error = fill(pool);
    if (error != 0) mempool_exit(pool);
    return error;
}

mempool_t* mempool_create(int min_nr, mempool_alloc_t* alloc_fn, mempool_free_t* free_fn, void* pool_data) {
    KLOOM_API();
    auto* pool = static_cast<mempool_t*>(kzalloc(sizeof(mempool_t), GFP_KERNEL));
    if (pool == nullptr || mempool_init(pool, min_nr, alloc_fn, free_fn, pool_data) == 0) return pool;
    kfree(pool);
    return nullptr;
}

mempool_t* mempool_create_node(int min_nr, mempool_alloc_t* alloc_fn, mempool_free_t* free_fn, void* pool_data, gfp_t, int) {
    KLOOM_API();
    return mempool_create(min_nr, alloc_fn, free_fn, pool_data);
}

int mempool_resize(mempool_t* pool, int new_min_nr) {
    KLOOM_API();
    emit_might_sleep("mempool_resize", false);
    note_object(pool, sizeof *pool, "mempool_resize");
    if (new_min_nr <= pool->min_nr) {
        shrink(pool, new_min_nr);
        return 0;
    }
    auto** elements = static_cast<void**>(kmalloc_array(static_cast<size_t>(new_min_nr), sizeof(void*), GFP_KERNEL));
    if (elements == nullptr) return -ENOMEM;
    unsigned long flags;
    spin_lock_irqsave(&pool->lock, flags);
    for (int index = 0; index < pool->curr_nr; ++index) elements[index] = pool->elements[index];
    void** const old = pool->elements;
    pool->elements = elements;
    pool->min_nr = new_min_nr;
    spin_unlock_irqrestore(&pool->lock, flags);
    kfree(old);
    fill(pool);
    return 0;
}

void mempool_exit(mempool_t* pool) {
    KLOOM_API();
    note_object(pool, sizeof *pool, "mempool_exit");
    while (pool->curr_nr > 0) release(pool, take_element(pool));  // ends: each round takes one out
    kfree(pool->elements);
    pool->elements = nullptr;
}

void mempool_destroy(mempool_t* pool) {
    KLOOM_API();
    if (pool == nullptr) return;
    mempool_exit(pool);
    kfree(pool);
}

void* mempool_alloc(mempool_t* pool, gfp_t gfp_mask) {
    KLOOM_API();
    const bool may_wait = (gfp_mask & __GFP_DIRECT_RECLAIM) != 0;
    if (may_wait) emit_might_sleep("mempool_alloc", false);
    note_object(pool, sizeof *pool, "mempool_alloc");
    const gfp_t wanted = gfp_mask | kQuietly;
    gfp_t gfp = wanted & ~(__GFP_DIRECT_RECLAIM | __GFP_IO);
    for (;;) {  // ends: an element can be had, or the caller may not wait; as in Linux, who may waits for ever
        if (void* element = allocate(pool, gfp)) return element;
        if (void* element = take_kept_element(pool)) return element;
        if (gfp != wanted) {
            gfp = wanted;
            continue;
        }
        if (!may_wait) return nullptr;
        wait_for_element(pool);
    }
}

void mempool_free(void* element, mempool_t* pool) {
    KLOOM_API();
    if (element == nullptr) return;
    note_object(pool, sizeof *pool, "mempool_free");
    if (keep_element(pool, element))
        wake_up(&pool->wait);
    else
        release(pool, element);
}

void* mempool_alloc_slab(gfp_t gfp_mask, void* pool_data) {
    KLOOM_API();
    return kmem_cache_alloc(static_cast<struct kmem_cache*>(pool_data), gfp_mask);
}

void mempool_free_slab(void* element, void* pool_data) {
    KLOOM_API();
    kmem_cache_free(static_cast<struct kmem_cache*>(pool_data), element);
}

void* mempool_kmalloc(gfp_t gfp_mask, void* pool_data) {
    KLOOM_API();
    return kmalloc(reinterpret_cast<size_t>(pool_data), gfp_mask);
}

void mempool_kfree(void* element, void*) {
    KLOOM_API();
    kfree(element);
}

void* mempool_alloc_pages(gfp_t gfp_mask, void* pool_data) {
    KLOOM_API();
    return alloc_pages(gfp_mask, static_cast<unsigned>(reinterpret_cast<uintptr_t>(pool_data)));
}

void mempool_free_pages(void* element, void* pool_data) {
    KLOOM_API();
    __free_pages(static_cast<struct page*>(element), static_cast<unsigned>(reinterpret_cast<uintptr_t>(pool_data)));
}

}  // extern "C"
