// Caches of equal objects. See include/kernel/linux/slab.h.

#include "kernel/mm/kmem_cache.hpp"

#include <algorithm>
#include <cstring>
#include <string>

#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/slab.h>

namespace kloom::kernel {
namespace {

using trace::MemoryKind;

constexpr unsigned kCacheLine = SMP_CACHE_BYTES;

// As Linux: SLAB_HWCACHE_ALIGN aligns to a cache line, or to a part of it when several objects fit in one.
unsigned alignment_of(unsigned size, unsigned align, slab_flags_t flags) {
    unsigned alignment = std::max(align, 8u);
    if ((flags & SLAB_HWCACHE_ALIGN) == 0) return alignment;
    unsigned line = kCacheLine;
    while (size <= line / 2) line /= 2;
    return std::max(alignment, line);
}

kmem_cache* create(const char* name, unsigned size, unsigned align, slab_flags_t flags, void (*ctor)(void*)) {
    emit_might_sleep("kmem_cache_create", false);
    const size_t length = name != nullptr ? module_strlen(name) : 0;
    const bool is_valid = name != nullptr && size <= KMALLOC_MAX_SIZE && machine().current().in_task();
    void* memory = is_valid ? kernel().slab->allocate_internal(sizeof(kmem_cache), "kmem_cache_create") : nullptr;
    if (memory == nullptr) {
        if ((flags & SLAB_PANIC) != 0) kloom_bug("SLAB_PANIC", "mm/slab_common.c", 0);
        return nullptr;
    }
    auto* cache = static_cast<kmem_cache*>(memory);
    std::memcpy(cache->name, name, std::min(length, sizeof cache->name - 1));
    cache->object_size = size;
    cache->alignment = alignment_of(size, align, flags);
    cache->flags = flags;
    cache->constructor = ctor;
    kernel().slab->caches().push_back(cache);
    return cache;
}

void construct(const kmem_cache& cache, void* object) {
    if (cache.constructor == nullptr) return;
    const auto* function = reinterpret_cast<const void*>(cache.constructor);
    emit_callback_enter(function, "constructor");
    cache.constructor(object);
    emit_callback_return(function, "constructor");
}

void* allocate(const char* function, kmem_cache* cache, gfp_t gfp) {
    note_object(cache, sizeof *cache, function);
    enter_allocation(function, gfp);
    void* object = kernel().slab->allocate({.size = cache->object_size,
                                            .capacity = cache->object_size,
                                            .alignment = cache->alignment,
                                            .kind = MemoryKind::Cache,
                                            .function = function,
                                            .cache = cache,
                                            .is_zeroed = (gfp & __GFP_ZERO) != 0});
    if (object == nullptr) return nullptr;
    ++cache->live_objects;
    construct(*cache, object);
    return object;
}

void warn_of_wrong_cache(const kmem_cache& wanted, const kmem_cache& owner) {
    kloom_warn("cache_from_obj", "mm/slab.h", 0, "cache_from_obj: Wrong slab cache. %s but object is from %s\n", wanted.name,
               owner.name);
}

void free_object(const char* function, kmem_cache* cache, void* pointer) {
    note_object(cache, sizeof *cache, function);
    if (const trace::HeapObject* object = kernel().slab->live_object(pointer); object != nullptr && object->cache != nullptr) {
        auto* owner = static_cast<kmem_cache*>(const_cast<void*>(object->cache));
        if (owner != cache) warn_of_wrong_cache(*cache, *owner);
        --owner->live_objects;
    }
    kernel().slab->release(pointer, MemoryKind::Cache, function);
}

void destroy(kmem_cache* cache) {
    emit_might_sleep("kmem_cache_destroy", false);
    note_object(cache, sizeof *cache, "kmem_cache_destroy");
    if (cache->live_objects != 0) {
        kloom_warn("kmem_cache_destroy", "mm/slab_common.c", 0,
                   "kmem_cache_destroy %s: Slab cache still has objects when called\n", cache->name);
        return;
    }
    std::erase(kernel().slab->caches(), cache);
    kernel().slab->release_internal(cache);
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

kmem_cache* kmem_cache_create(const char* name, unsigned int size, unsigned int align, slab_flags_t flags,
                              void (*ctor)(void*)) {
    KLOOM_API();
    return create(name, size, align, flags, ctor);
}

kmem_cache* kmem_cache_create_usercopy(const char* name, unsigned int size, unsigned int align, slab_flags_t flags,
                                       unsigned int, unsigned int, void (*ctor)(void*)) {
    KLOOM_API();
    return create(name, size, align, flags, ctor);
}

void kmem_cache_destroy(kmem_cache* cache) {
    KLOOM_API();
    if (cache != nullptr) destroy(cache);
}

int kmem_cache_shrink(kmem_cache* cache) {
    KLOOM_API();
    note_object(cache, sizeof *cache, "kmem_cache_shrink");
    return 0;
}

unsigned int kmem_cache_size(kmem_cache* cache) {
    KLOOM_API();
    note_object(cache, sizeof *cache, "kmem_cache_size");
    return cache->object_size;
}

void* kmem_cache_alloc(kmem_cache* cache, gfp_t flags) {
    KLOOM_API();
    return allocate("kmem_cache_alloc", cache, flags);
}

void* kmem_cache_zalloc(kmem_cache* cache, gfp_t flags) {
    KLOOM_API();
    return allocate("kmem_cache_zalloc", cache, flags | __GFP_ZERO);
}

void* kmem_cache_alloc_node(kmem_cache* cache, gfp_t flags, int) {
    KLOOM_API();
    return allocate("kmem_cache_alloc_node", cache, flags);
}

void kmem_cache_free(kmem_cache* cache, void* objp) {
    KLOOM_API();
    free_object("kmem_cache_free", cache, objp);
}

int kmem_cache_alloc_bulk(kmem_cache* cache, gfp_t flags, size_t size, void** p) {
    KLOOM_API();
    note_write(p, size * sizeof *p);
    for (size_t index = 0; index < size; ++index) {
        p[index] = allocate("kmem_cache_alloc_bulk", cache, flags);
        if (p[index] != nullptr) continue;
        while (index-- > 0) free_object("kmem_cache_alloc_bulk", cache, p[index]);
        return 0;
    }
    return static_cast<int>(size);
}

void kmem_cache_free_bulk(kmem_cache* cache, size_t size, void** p) {
    KLOOM_API();
    note_read(p, size * sizeof *p);
    for (size_t index = 0; index < size; ++index) free_object("kmem_cache_free_bulk", cache, p[index]);
}

}  // extern "C"
