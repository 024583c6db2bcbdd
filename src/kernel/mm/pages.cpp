// The page allocator and what drivers do with pages. See include/kernel/linux/gfp.h and mm.h.
//
// A block of pages is one object of the memory map. Its struct page lies in the window that pfn_to_page() computes; a count
// of references there keeps the block.

#include <climits>
#include <cstring>

#include "kernel/mm/slab.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/mm.h>

namespace kloom::kernel {
namespace {

using trace::HeapObject;
using trace::MemoryKind;

constexpr unsigned kLargestOrder = MAX_ORDER - 1;

uintptr_t allocate_block(const char* function, gfp_t gfp, unsigned order) {
    enter_allocation(function, gfp);
    if (order > kLargestOrder) {
        if ((gfp & __GFP_NOWARN) == 0) kloom_warn("order >= MAX_ORDER", "mm/page_alloc.c", 0, nullptr);
        return 0;
    }
    const size_t bytes = PAGE_SIZE << order;
    void* block = kernel().slab->allocate({.size = bytes,
                                           .capacity = bytes,
                                           .alignment = bytes,
                                           .kind = MemoryKind::Pages,
                                           .function = function,
                                           .cache = nullptr,
                                           .is_zeroed = (gfp & __GFP_ZERO) != 0});
    if (block == nullptr) return 0;
    page* first = virt_to_page(block);
    std::memset(static_cast<void*>(first), 0, sizeof(page) << order);
    for (size_t index = 0; index < size_t{1} << order; ++index) first[index]._mapcount.counter = -1;
    first->_refcount.counter = 1;
    first->order = order;
    return reinterpret_cast<uintptr_t>(block);
}

// Freeing drops a reference; a block that is freed already has none and is judged by the detectors.
void drop_reference(const char* function, uintptr_t address) {
    page* first = virt_to_page(address);
    const bool is_live = kernel().slab->live_object(reinterpret_cast<void*>(address)) != nullptr;
    if (is_live) {
        const uintptr_t counter = reinterpret_cast<uintptr_t>(&first->_refcount);
        const uint16_t flags = trace::kRead | trace::kWrite | trace::kAtomic | trace::kAcquireOrder | trace::kReleaseOrder;
        machine().access(counter, sizeof first->_refcount, flags, machine().current().call_pc);
        if (--first->_refcount.counter > 0) return;
    }
    kernel().slab->release(reinterpret_cast<void*>(address), MemoryKind::Pages, function);
}

unsigned order_of_size(size_t size) { return static_cast<unsigned>(get_order(size)); }

bool fits_area(const vm_area_struct& area, unsigned long address, unsigned long size) {
    return address % PAGE_SIZE == 0 && size != 0 && address >= area.vm_start && size <= area.vm_end - area.vm_start &&
           address - area.vm_start <= area.vm_end - area.vm_start - size;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

page* alloc_pages(gfp_t gfp, unsigned int order) {
    KLOOM_API();
    const uintptr_t address = allocate_block("alloc_pages", gfp, order);
    return address != 0 ? virt_to_page(address) : nullptr;
}

unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order) {
    KLOOM_API();
    return allocate_block("__get_free_pages", gfp_mask, order);
}

unsigned long get_zeroed_page(gfp_t gfp_mask) {
    KLOOM_API();
    return allocate_block("get_zeroed_page", gfp_mask | __GFP_ZERO, 0);
}

void __free_pages(page* page, unsigned int) {
    KLOOM_API();
    note_object(page, sizeof *page, "__free_pages");
    drop_reference("__free_pages", reinterpret_cast<uintptr_t>(page_address(page)));
}

void free_pages(unsigned long addr, unsigned int) {
    KLOOM_API();
    if (addr != 0) drop_reference("free_pages", addr);
}

void put_page(page* page) {
    KLOOM_API();
    note_object(page, sizeof *page, "put_page");
    drop_reference("put_page", reinterpret_cast<uintptr_t>(page_address(page)));
}

void* alloc_pages_exact(size_t size, gfp_t gfp_mask) {
    KLOOM_API();
    return reinterpret_cast<void*>(allocate_block("alloc_pages_exact", gfp_mask, order_of_size(size)));
}

void free_pages_exact(void* virt, size_t) {
    KLOOM_API();
    drop_reference("free_pages_exact", reinterpret_cast<uintptr_t>(virt));
}

int remap_pfn_range(vm_area_struct* vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t) {
    KLOOM_API();
    note_read(vma, sizeof *vma);
    if (!fits_area(*vma, addr, size)) return -EINVAL;
    note_object(pfn_to_kaddr(pfn), 1, "remap_pfn_range");
    note_write(&vma->vm_flags, sizeof vma->vm_flags);
    vma->vm_flags |= VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
    return 0;
}

int remap_vmalloc_range(vm_area_struct* vma, void* addr, unsigned long pgoff) {
    KLOOM_API();
    note_read(vma, sizeof *vma);
    const HeapObject* object = kernel().slab->live_object(addr);
    if (object == nullptr || object->kind != MemoryKind::Vmalloc) return -EINVAL;
    const unsigned long size = vma->vm_end - vma->vm_start;
    if (pgoff > ULONG_MAX / PAGE_SIZE || pgoff * PAGE_SIZE + size > object->capacity) return -EINVAL;
    note_write(&vma->vm_flags, sizeof vma->vm_flags);
    vma->vm_flags |= VM_DONTEXPAND | VM_DONTDUMP;
    return 0;
}

int vm_insert_page(vm_area_struct* vma, unsigned long addr, page* page) {
    KLOOM_API();
    note_read(vma, sizeof *vma);
    note_object(page_address(page), PAGE_SIZE, "vm_insert_page");
    if (addr < vma->vm_start || addr >= vma->vm_end) return -EFAULT;
    if (page->_refcount.counter == 0) return -EINVAL;
    note_write(&vma->vm_flags, sizeof vma->vm_flags);
    vma->vm_flags |= VM_MIXEDMAP;
    return 0;
}

unsigned long totalram_pages() { return kAllocatedBytesMax / PAGE_SIZE; }

void si_meminfo(sysinfo* val) {
    KLOOM_API();
    note_write(val, sizeof *val);
    *val = {};
    val->totalram = totalram_pages();
    val->freeram = totalram_pages() - kernel().slab->allocated_bytes() / PAGE_SIZE;
    val->mem_unit = PAGE_SIZE;
}

}  // extern "C"
