// kmalloc() and its relatives: sizes, overflow checks, krealloc. See include/kernel/linux/slab.h.

#include <algorithm>
#include <bit>
#include <cstring>

#include "kernel/mm/kmem_cache.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

namespace kloom::kernel {
namespace {

using trace::HeapObject;
using trace::MemoryKind;



// Whether n objects of `size` bytes have a size; kmalloc_array() and others return null otherwise.
bool multiply(size_t n, size_t size, size_t& bytes) { return !__builtin_mul_overflow(n, size, &bytes); }

// Linux guarantees natural alignment for powers of two, and cache lines' divisors for the two caches between.
size_t alignment_of(size_t bucket) { return std::min<size_t>(size_t{1} << std::countr_zero(bucket), PAGE_SIZE); }

void* allocate(const char* function, size_t size, gfp_t gfp) {
    enter_allocation(function, gfp);
    if (size == 0) return ZERO_SIZE_PTR;
    if (size > KMALLOC_MAX_SIZE) {
        if ((gfp & __GFP_NOWARN) == 0) kloom_warn("order >= MAX_ORDER", "mm/page_alloc.c", 0, nullptr);
        return nullptr;
    }
    const size_t bucket = kmalloc_bucket(size);
    return kernel().slab->allocate({.size = size,
                                    .capacity = bucket,
                                    .alignment = alignment_of(bucket),
                                    .kind = MemoryKind::Slab,
                                    .function = function,
                                    .cache = nullptr,
                                    .is_zeroed = (gfp & __GFP_ZERO) != 0});
}

void* allocate_array(const char* function, size_t n, size_t size, gfp_t gfp) {
    size_t bytes;
    return multiply(n, size, bytes) ? allocate(function, bytes, gfp) : nullptr;
}

// A block from kmalloc() or, for kvmalloc()'s callers, from vmalloc().
void* allocate_any(const char* function, size_t size, gfp_t gfp) {
    if (size <= KMALLOC_MAX_SIZE) return allocate(function, size, gfp);
    return vmalloc_for(function, size, gfp);
}

void* allocate_any_array(const char* function, size_t n, size_t size, gfp_t gfp) {
    size_t bytes;
    return multiply(n, size, bytes) ? allocate_any(function, bytes, gfp) : nullptr;
}

// kfree() takes objects of caches too. What is no such object the detectors judge.
void free_object(const char* function, const void* pointer) {
    const HeapObject* object = kernel().slab->live_object(pointer);
    const bool is_cached = object != nullptr && object->kind == MemoryKind::Cache;
    if (is_cached) --static_cast<kmem_cache*>(const_cast<void*>(object->cache))->live_objects;
    kernel().slab->release(pointer, is_cached ? MemoryKind::Cache : MemoryKind::Slab, function);
}

void* reallocate(const char* function, const void* pointer, size_t size, gfp_t gfp) {
    if (size == 0) {
        if (!ZERO_OR_NULL_PTR(pointer)) free_object(function, pointer);
        return ZERO_SIZE_PTR;
    }
    if (ZERO_OR_NULL_PTR(pointer)) return allocate(function, size, gfp);
    note_object(pointer, 1, function);
    HeapObject* object = kernel().slab->live_object(pointer);
    if (object != nullptr && size <= kmalloc_bucket(object->size)) {
        object->size = size;
        return const_cast<void*>(pointer);
    }
    const size_t old_size = object != nullptr ? object->size : 0;
    void* const copy = allocate(function, size, gfp);
    if (copy == nullptr) return nullptr;
    note_read(pointer, old_size);
    std::memcpy(copy, pointer, std::min(old_size, size));
    free_object(function, pointer);
    return copy;
}

void overwrite(const void* pointer, size_t size) {
    note_write(pointer, size);
    std::memset(const_cast<void*>(pointer), 0, size);
}

}  // namespace

size_t kmalloc_bucket(size_t size) {
    if (size <= KMALLOC_MIN_SIZE) return KMALLOC_MIN_SIZE;
    if (size > 64 && size <= 96) return 96;
    if (size > 128 && size <= 192) return 192;
    return std::bit_ceil(size);
}

void* kmalloc_for(const char* function, size_t size, uint32_t gfp) { return allocate(function, size, gfp); }

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void* kmalloc(size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate("kmalloc", size, flags);
}

void* kzalloc(size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate("kzalloc", size, flags | __GFP_ZERO);
}

void* kmalloc_array(size_t n, size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_array("kmalloc_array", n, size, flags);
}

void* kcalloc(size_t n, size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_array("kcalloc", n, size, flags | __GFP_ZERO);
}

void* kmalloc_node(size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate("kmalloc_node", size, flags);
}

void* kzalloc_node(size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate("kzalloc_node", size, flags | __GFP_ZERO);
}

void* kmalloc_array_node(size_t n, size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate_array("kmalloc_array_node", n, size, flags);
}

void* kcalloc_node(size_t n, size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate_array("kcalloc_node", n, size, flags | __GFP_ZERO);
}

void* krealloc(const void* objp, size_t new_size, gfp_t flags) {
    KLOOM_API();
    return reallocate("krealloc", objp, new_size, flags);
}

void* krealloc_array(void* p, size_t new_n, size_t new_size, gfp_t flags) {
    KLOOM_API();
    size_t bytes;
    return multiply(new_n, new_size, bytes) ? reallocate("krealloc_array", p, bytes, flags) : nullptr;
}

void kfree(const void* objp) {
    KLOOM_API();
    if (!ZERO_OR_NULL_PTR(objp)) free_object("kfree", objp);
}

void kfree_sensitive(const void* objp) {
    KLOOM_API();
    if (ZERO_OR_NULL_PTR(objp)) return;
    if (const HeapObject* object = kernel().slab->live_object(objp)) overwrite(objp, object->size);
    free_object("kfree_sensitive", objp);
}

void kfree_bulk(size_t size, void** p) {
    KLOOM_API();
    note_read(p, size * sizeof *p);
    for (size_t index = 0; index < size; ++index)
        if (!ZERO_OR_NULL_PTR(p[index])) free_object("kfree_bulk", p[index]);
}

size_t ksize(const void* objp) {
    KLOOM_API();
    if (ZERO_OR_NULL_PTR(objp)) return 0;
    note_object(objp, 1, "ksize");
    HeapObject* object = kernel().slab->live_object(objp);
    if (object == nullptr) return 0;
    // Who asks may use what he is told.
    if (object->kind == MemoryKind::Slab) object->size = kmalloc_bucket(object->size);
    return object->size;
}

size_t kmalloc_size_roundup(size_t size) {
    return size == 0 || size > KMALLOC_MAX_SIZE ? size : kmalloc_bucket(size);
}

void* kvmalloc(size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_any("kvmalloc", size, flags);
}

void* kvzalloc(size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_any("kvzalloc", size, flags | __GFP_ZERO);
}

void* kvmalloc_array(size_t n, size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_any_array("kvmalloc_array", n, size, flags);
}

void* kvcalloc(size_t n, size_t size, gfp_t flags) {
    KLOOM_API();
    return allocate_any_array("kvcalloc", n, size, flags | __GFP_ZERO);
}

void* kvmalloc_node(size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate_any("kvmalloc_node", size, flags);
}

void* kvzalloc_node(size_t size, gfp_t flags, int) {
    KLOOM_API();
    return allocate_any("kvzalloc_node", size, flags | __GFP_ZERO);
}

void* kvrealloc(const void* p, size_t oldsize, size_t newsize, gfp_t flags) {
    KLOOM_API();
    if (oldsize >= newsize) return const_cast<void*>(p);
    void* const copy = allocate_any("kvrealloc", newsize, flags);
    if (copy == nullptr) return nullptr;
    note_read(p, oldsize);
    std::memcpy(copy, p, oldsize);
    kvfree(p);
    return copy;
}

void kvfree(const void* addr) {
    KLOOM_API();
    if (reinterpret_cast<uintptr_t>(addr) >= VMALLOC_START && reinterpret_cast<uintptr_t>(addr) <= VMALLOC_END)
        vfree(addr);
    else
        kfree(addr);
}

void kvfree_sensitive(const void* addr, size_t len) {
    KLOOM_API();
    if (ZERO_OR_NULL_PTR(addr)) return;
    overwrite(addr, len);
    kvfree(addr);
}

}  // extern "C"
