// MemoryMap: what every address of the code under test means.
//
// Layout (fixed, so that addresses repeat in every execution and every run):
//
//   module      where the loader put it (address space randomisation is off): text, read-only data, data
//   heap        one window per path, so that an address depends on the allocating path only, not on the interleaving
//   per-CPU     the copy of CPU c of the object at `p` lies at p - (c + 1) * kPerCpuStride, for static variables (`p` in
//               the module's .data..percpu section) and dynamic ones (`p` in the per-CPU template window) alike
//   stacks      one per fiber
//   kernel      objects that the kernel lends to the module (task_struct, struct file, jiffies)
//   user        buffers of user processes
//
// The heap keeps an object for each allocation and forgets none within an execution, so a freed object is recognised.
// A table maps each 16-byte granule of the heap to the object that owns it or whose red zone it is.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trace/event.hpp"
#include "trace/ids.hpp"

namespace kloom::trace {

inline constexpr uintptr_t kPerCpuStride = uintptr_t{1} << 36;  // 64 GiB
inline constexpr size_t kHeapGranule = 16;
inline constexpr size_t kHeapRedZone = 32;  // bytes kept free on either side of an object

enum class Region : uint8_t {
    Unmapped,
    NullPage,       // below 64 KiB
    ErrorPointer,   // the last 4 KiB: an ERR_PTR was used
    ModuleText,
    ModuleReadOnly,
    ModuleData,
    Heap,           // inside a live or freed object, or its red zone
    PerCpu,         // a CPU's copy
    PerCpuTemplate, // the address that DEFINE_PER_CPU names or alloc_percpu returned, used directly
    Stack,
    Kernel,
    User,
};

struct HeapObject {
    uintptr_t address = 0;
    uint64_t size = 0;
    MemoryKind kind = MemoryKind::Slab;
    bool is_live = true;
    bool is_internal = false;  // the kernel's own (not counted as a leak of the module)
    PathId allocated_by = kNoPath;
    PathId freed_by = kNoPath;
    uintptr_t allocated_at = 0;  // pc in the module
    uintptr_t freed_at = 0;
    const char* function = "";   // kmalloc, kmem_cache_alloc ...; static storage
    const void* cache = nullptr; // kmem_cache it belongs to
};

struct AddressInfo {
    Region region = Region::Unmapped;
    CpuId cpu = kNoCpu;                  // PerCpu: whose copy
    PathId owner = kNoPath;              // Stack: whose stack
    uintptr_t canonical = 0;             // PerCpu: the template address; otherwise the address itself
    const HeapObject* object = nullptr;  // Heap, and PerCpu if dynamic
};

class MemoryMap {
  public:
    MemoryMap();
    ~MemoryMap();
    MemoryMap(const MemoryMap&) = delete;
    MemoryMap& operator=(const MemoryMap&) = delete;

    // Fixed regions: added once when a program is loaded. Later ones win where they overlap.
    void add_region(Region region, uintptr_t begin, uintptr_t end);
    // Static per-CPU section [begin, end) of the module with copies for `cpus` CPUs.
    void set_static_percpu(uintptr_t begin, uintptr_t end, int cpus);
    // The window that dynamic per-CPU addresses come from.
    void set_dynamic_percpu(uintptr_t begin, uintptr_t end, int cpus);
    void set_stacks(uintptr_t begin, uintptr_t stride_bytes, int count);
    void set_stack_owner(int stack, PathId owner) { stack_owners_[static_cast<size_t>(stack)] = owner; }
    void set_heap(uintptr_t begin, uintptr_t end);

    AddressInfo classify(uintptr_t address) const;
    // True when [address, address + size) is memory that code may touch now (live heap, data, stacks, kernel, per-CPU).
    bool is_accessible(uintptr_t address, size_t size) const;

    // Heap objects of this execution. `object.address` is granule-aligned and its red zones overlap no other object's data.
    HeapObject& add_object(const HeapObject& object);
    // Live or freed object whose data or red zone holds `address`; null if none.
    HeapObject* find_object(uintptr_t address);
    const HeapObject* find_object(uintptr_t address) const;
    std::span<const HeapObject> objects() const { return {objects_.data(), objects_.size()}; }

    // Forgets the objects and stack owners.
    void begin_execution();

  private:
    struct FixedRegion {
        Region region;
        uintptr_t begin;
        uintptr_t end;
    };
    struct PerCpuWindow {
        uintptr_t begin = 0;
        uintptr_t end = 0;
        int cpus = 0;
    };
    bool classify_percpu(const PerCpuWindow& window, uintptr_t address, AddressInfo& info) const;

    std::vector<FixedRegion> fixed_;
    PerCpuWindow static_percpu_;
    PerCpuWindow dynamic_percpu_;
    uintptr_t heap_begin_ = 0;
    uintptr_t heap_end_ = 0;
    uintptr_t stacks_begin_ = 0;
    uintptr_t stacks_end_ = 0;
    uintptr_t stack_stride_ = 1;
    std::vector<PathId> stack_owners_;
    std::vector<HeapObject> objects_;  // reserved once; never moves within an execution
    uint32_t* granules_ = nullptr;     // [granule of the heap] index into objects_; stale entries are recognised by range
    size_t granules_bytes_ = 0;
};

// The address of CPU `cpu`'s copy of the per-CPU object at `address`.
constexpr uintptr_t percpu_copy(uintptr_t address, CpuId cpu) { return address - (uintptr_t{cpu.value} + 1) * kPerCpuStride; }

}  // namespace kloom::trace
