// Memory that is contiguous for the kernel only. See include/kernel/linux/vmalloc.h.

#include <cstring>

#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/gfp_types.h>
#include <linux/vmalloc.h>

namespace kloom::kernel {

using trace::MemoryKind;

void* vmalloc_for(const char* function, size_t size, uint32_t gfp) {
    // The search for an address sleeps, whatever the flags are; Linux stops when an interrupt tries.
    emit_might_sleep(function, false);
    if (!machine().current().in_task()) kloom_bug("BUG_ON(in_interrupt())", "mm/vmalloc.c", 0);
    enter_allocation(function, gfp);
    if (size == 0 || size > kAllocatedBytesMax) return nullptr;
    return kernel().slab->allocate({.size = size,
                                    .capacity = (size + PAGE_SIZE - 1) & PAGE_MASK,
                                    .alignment = PAGE_SIZE,
                                    .kind = MemoryKind::Vmalloc,
                                    .function = function,
                                    .cache = nullptr,
                                    .is_zeroed = (gfp & __GFP_ZERO) != 0});
}

namespace {

void free_area(const char* function, const void* addr) {
    if (addr == nullptr) return;
    if (machine().current().in_task()) emit_might_sleep(function, false);
    kernel().slab->release(addr, MemoryKind::Vmalloc, function);
}

void* allocate_array(const char* function, size_t n, size_t size, gfp_t gfp) {
    size_t bytes;
    return __builtin_mul_overflow(n, size, &bytes) ? nullptr : vmalloc_for(function, bytes, gfp);
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

#define DEFINE_VMALLOC(name, gfp)             \
    void* name(unsigned long size) {          \
        KLOOM_API();                          \
        return vmalloc_for(#name, size, gfp); \
    }

#define DEFINE_VMALLOC_NODE(name, gfp)        \
    void* name(unsigned long size, int) {     \
        KLOOM_API();                          \
        return vmalloc_for(#name, size, gfp); \
    }

extern "C" {

DEFINE_VMALLOC(vmalloc, GFP_KERNEL)
DEFINE_VMALLOC(vzalloc, GFP_KERNEL | __GFP_ZERO)
DEFINE_VMALLOC(vmalloc_user, GFP_KERNEL | __GFP_ZERO)
DEFINE_VMALLOC(vmalloc_32, GFP_KERNEL)
DEFINE_VMALLOC(vmalloc_32_user, GFP_KERNEL | __GFP_ZERO)
DEFINE_VMALLOC_NODE(vmalloc_node, GFP_KERNEL)
DEFINE_VMALLOC_NODE(vzalloc_node, GFP_KERNEL | __GFP_ZERO)

void* __vmalloc(unsigned long size, gfp_t gfp_mask) {
    KLOOM_API();
    return vmalloc_for("__vmalloc", size, gfp_mask);
}

void* vmalloc_array(size_t n, size_t size) {
    KLOOM_API();
    return allocate_array("vmalloc_array", n, size, GFP_KERNEL);
}

void* vcalloc(size_t n, size_t size) {
    KLOOM_API();
    return allocate_array("vcalloc", n, size, GFP_KERNEL | __GFP_ZERO);
}

void vfree(const void* addr) {
    KLOOM_API();
    free_area("vfree", addr);
}

void vfree_atomic(const void* addr) {
    KLOOM_API();
    if (addr != nullptr) kernel().slab->release(addr, MemoryKind::Vmalloc, "vfree_atomic");
}

}  // extern "C"
