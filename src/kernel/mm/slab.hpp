// SlabService: the memory that modules allocate, and the kernel's own objects that modules see.
//
// Every allocation, be it kmalloc, a kmem_cache, vmalloc or pages, is an object of the memory map, with red zones around it.
// The families live in their own files (kmalloc.cpp, kmem_cache.cpp, vmalloc.cpp, pages.cpp) and share allocate() and
// release(). Nothing here steps but release(): freeing counts as a write to the whole object (kFreeFlags), because an access
// of another path that is not ordered with it is a use after free in some interleaving. The search then runs that one; the
// conflict itself is no data race, and correct code that orders the two by other means than locks is left alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "kernel/kernel.hpp"
#include "kernel/mm/windows.hpp"

struct kmem_cache;

namespace kloom::kernel {

inline constexpr size_t kAllocatedBytesMax = size_t{256} << 20;  // live at a time; beyond it allocations fail
inline constexpr size_t kDeniedBytesMax = size_t{1} << 30;       // asked for in vain: a finding

inline constexpr uint16_t kFreeFlags = trace::kWrite | trace::kByKernel | trace::kIgnoreRace;

struct AllocationRequest {
    size_t size = 0;
    size_t capacity = 0;  // bytes to set aside, at least `size`; 0 means `size`
    size_t alignment = 8;
    trace::MemoryKind kind = trace::MemoryKind::Slab;
    const char* function = "";  // static storage
    const void* cache = nullptr;
    bool is_zeroed = false;
    bool is_internal = false;   // the kernel's own: no leak of the module when it stays
};

class SlabService final : public Service {
  public:
    explicit SlabService(machine::Machine& machine);
    ~SlabService() override;

    void begin_execution() override;
    // Caches that were not destroyed. What is still allocated the detectors see in the memory map.
    void report_leftovers(const ModuleImage& module) override;

    // Memory that is filled with zeroes or with a pattern; null when the limit is reached. Emits Allocate.
    void* allocate(const AllocationRequest& request);
    // Emits Free of memory that `function` expects to be of kind `expected`, and frees it when it is a live object. Steps.
    void release(const void* pointer, trace::MemoryKind expected, const char* function);
    // The live object that begins at `pointer`; null if there is none.
    trace::HeapObject* live_object(const void* pointer);

    // Objects of the kernel that modules get pointers to (task_struct, struct file). They are live memory to the memory map
    // and a use after release_internal() is found. Zeroed; null when memory is exhausted. No events.
    void* allocate_internal(size_t size, const char* function);
    void release_internal(void* object);

    size_t allocated_bytes() const { return allocated_bytes_; }
    std::vector<kmem_cache*>& caches() { return caches_; }

  private:
    AddressWindows& windows_of(trace::MemoryKind kind, size_t bytes);
    AddressWindows& windows_at(uintptr_t address);
    AddressRange take_range(const AllocationRequest& request, size_t bytes);
    trace::HeapObject* add_object(const AllocationRequest& request);
    void retire(trace::HeapObject& object);
    void note_denied(size_t bytes);

    machine::Machine& machine_;
    AddressWindows linear_;   // kmalloc, caches, pages
    AddressWindows vmalloc_;
    AddressWindows vmalloc_large_;  // one window for all paths: larger than a path's own
    size_t allocated_bytes_ = 0;
    size_t denied_bytes_ = 0;
    std::vector<kmem_cache*> caches_;  // created and not yet destroyed, in order
};

// What an allocation function does first: it may sleep if its gfp flags allow reclaim.
void enter_allocation(const char* function, uint32_t gfp);

// The size that kmalloc() sets aside for `size` bytes: Linux's kmalloc caches, then powers of two of pages.
size_t kmalloc_bucket(size_t size);

// kmalloc() under the name of the function that the module called. `size` 0 gives ZERO_SIZE_PTR.
void* kmalloc_for(const char* function, size_t size, uint32_t gfp);
void* vmalloc_for(const char* function, size_t size, uint32_t gfp);

}  // namespace kloom::kernel
