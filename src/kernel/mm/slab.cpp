#include "kernel/mm/slab.hpp"

#include <algorithm>
#include <cstring>

#include "base/check.hpp"
#include "kernel/mm/kmem_cache.hpp"

#include <linux/gfp_types.h>
#include <asm/page.h>

namespace kloom::kernel {
namespace {

using trace::EventKind;
using trace::HeapObject;
using trace::MemoryKind;

constexpr size_t kWindowBytes = KLOOM_LINEAR_SIZE / trace::kPathsMax;
constexpr int kFreshFill = 0x5a;  // Linux's POISON_INUSE
constexpr int kFreedFill = 0x6b;  // Linux's POISON_FREE
constexpr size_t kFreedFillMax = 4096;  // of a large object the beginning is enough
// A free is told as a write of so much at most: detectors remember each word of it.
constexpr size_t kFreeAccessMax = trace::kLargeObject;

uintptr_t address_of(const void* pointer) { return reinterpret_cast<uintptr_t>(pointer); }

}  // namespace

SlabService::SlabService(machine::Machine& machine)
    : machine_(machine),
      linear_(PAGE_OFFSET, kWindowBytes, trace::kPathsMax),
      vmalloc_(VMALLOC_START, kWindowBytes, trace::kPathsMax),
      vmalloc_large_(VMALLOC_START + KLOOM_LINEAR_SIZE, KLOOM_LINEAR_SIZE, 1) {
    const uintptr_t end = vmalloc_large_.end();
    CHECK(reserve_memory(PAGE_OFFSET, end - PAGE_OFFSET), "the addresses of the machine's heap are taken");
    CHECK(reserve_memory(VMEMMAP_START, KLOOM_VMEMMAP_SIZE), "the addresses of the machine's page table are taken");
    machine_.memory().set_heap(PAGE_OFFSET, end);
    machine_.memory().add_region(trace::Region::Kernel, VMEMMAP_START, VMEMMAP_START + KLOOM_VMEMMAP_SIZE);
}

SlabService::~SlabService() {
    unreserve_memory(PAGE_OFFSET, vmalloc_large_.end() - PAGE_OFFSET);
    unreserve_memory(VMEMMAP_START, KLOOM_VMEMMAP_SIZE);
}

void SlabService::begin_execution() {
    linear_.reset();
    vmalloc_.reset();
    vmalloc_large_.reset();
    allocated_bytes_ = 0;
    denied_bytes_ = 0;
    caches_.clear();
}

void SlabService::report_leftovers(const ModuleImage&) {
    for (const kmem_cache* cache : caches_) emit_leftover("kmem_cache", cache->name, cache);
}

// ---- allocation ----------------------------------------------------------------------------------------------------

AddressWindows& SlabService::windows_of(MemoryKind kind, size_t bytes) {
    if (kind != MemoryKind::Vmalloc) return linear_;
    return bytes < kWindowBytes / 2 ? vmalloc_ : vmalloc_large_;
}

AddressWindows& SlabService::windows_at(uintptr_t address) {
    if (linear_.contains(address)) return linear_;
    return vmalloc_.contains(address) ? vmalloc_ : vmalloc_large_;
}

AddressRange SlabService::take_range(const AllocationRequest& request, size_t bytes) {
    if (bytes > kAllocatedBytesMax - std::min(allocated_bytes_, kAllocatedBytesMax)) return {};
    if (machine_.memory().is_full()) return {};
    AddressWindows& windows = windows_of(request.kind, bytes);
    const size_t window = &windows == &vmalloc_large_ ? 0 : current_window();
    return windows.take(window, bytes, std::max(request.alignment, trace::kHeapGranule));
}

HeapObject* SlabService::add_object(const AllocationRequest& request) {
    const AddressRange range = take_range(request, std::max(request.size, request.capacity));
    if (range.address == 0) return nullptr;
    HeapObject object;
    object.address = range.address;
    object.size = request.size;
    object.capacity = range.bytes;
    object.kind = request.kind;
    object.is_internal = request.is_internal;
    object.function = request.function;
    object.cache = request.cache;
    if (machine_.is_running()) {
        object.allocated_by = machine_.current().id;
        object.allocated_at = machine_.current().call_pc;
    }
    allocated_bytes_ += range.bytes;
    std::memset(reinterpret_cast<void*>(range.address), request.is_zeroed ? 0 : kFreshFill, range.bytes);
    std::memset(reinterpret_cast<void*>(range.address + range.bytes), kFreshFill, trace::kHeapRedZone);
    return &machine_.memory().add_object(object);
}

void* SlabService::allocate(const AllocationRequest& request) {
    const HeapObject* object = add_object(request);
    if (object == nullptr) {
        note_denied(request.size);
        return nullptr;
    }
    const uintptr_t address = object->address;
    machine_.emit({.kind = EventKind::Allocate,
                   .flags = static_cast<uint16_t>(request.kind),
                   .size = static_cast<uint32_t>(request.size),
                   .address = address,
                   .text = request.function});
    return reinterpret_cast<void*>(address);
}

void SlabService::note_denied(size_t bytes) {
    const bool was_reported = denied_bytes_ > kDeniedBytesMax;
    denied_bytes_ += std::min(bytes, kDeniedBytesMax);
    if (was_reported || denied_bytes_ <= kDeniedBytesMax) return;
    emit_misuse("out-of-memory", trace::Severity::Error,
                "{0} goes on asking for memory after all of the machine's 256 MiB were allocated");
}

void* SlabService::allocate_internal(size_t size, const char* function) {
    const HeapObject* object = add_object({.size = size,
                                           .capacity = size,
                                           .alignment = 16,
                                           .kind = MemoryKind::KernelObject,
                                           .function = function,
                                           .cache = nullptr,
                                           .is_zeroed = true,
                                           .is_internal = true});
    return object != nullptr ? reinterpret_cast<void*>(object->address) : nullptr;
}

// ---- release -------------------------------------------------------------------------------------------------------

HeapObject* SlabService::live_object(const void* pointer) {
    HeapObject* object = machine_.memory().find_object(address_of(pointer));
    return object != nullptr && object->is_live && object->address == address_of(pointer) ? object : nullptr;
}

void SlabService::release(const void* pointer, MemoryKind expected, const char* function) {
    if (const HeapObject* object = live_object(pointer)) {
        const uintptr_t pc = machine_.current().call_pc;
        const auto size = static_cast<uint32_t>(std::min(object->size, kFreeAccessMax));
        machine_.step_access(object->address, size, kFreeFlags, pc);
        // Others ran meanwhile and may have freed it.
        if (live_object(pointer) != nullptr)
            machine_.emit_access(address_of(pointer), size, kFreeFlags, pc);
    }
    const HeapObject* owner = machine_.memory().find_object(address_of(pointer));
    machine_.emit({.kind = EventKind::Free,
                   .flags = static_cast<uint16_t>(expected),
                   .size = owner != nullptr ? static_cast<uint32_t>(owner->size) : 0,
                   .address = address_of(pointer),
                   .text = function});
    if (HeapObject* object = live_object(pointer)) retire(*object);
}

void SlabService::release_internal(void* pointer) {
    HeapObject* object = live_object(pointer);
    CHECK(object != nullptr && object->is_internal, "%p is no object of the kernel", pointer);
    retire(*object);
}

void SlabService::retire(HeapObject& object) {
    object.is_live = false;
    if (machine_.is_running()) {
        object.freed_by = machine_.current().id;
        object.freed_at = machine_.current().call_pc;
    }
    allocated_bytes_ -= object.capacity;
    std::memset(reinterpret_cast<void*>(object.address), kFreedFill, std::min(object.capacity, kFreedFillMax));
    windows_at(object.address).give_back({object.address, object.capacity});
}

// ---- what the families share -----------------------------------------------------------------------------------------

void enter_allocation(const char* function, uint32_t gfp) {
    if ((gfp & __GFP_DIRECT_RECLAIM) == 0) return;
    emit_might_sleep(function, false);
    if (machine().current().is_preemptible()) machine().reschedule_point(false);
}

}  // namespace kloom::kernel
