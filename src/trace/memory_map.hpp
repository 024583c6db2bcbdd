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
// Two tables map addresses to objects (ObjectIndex): one entry for each 16-byte granule, and, for the inside of large
// objects, one for each page. Entries are never erased: a stale one is recognised because its object does not hold the
// address.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "trace/event.hpp"
#include "trace/ids.hpp"

namespace kloom::trace {

inline constexpr uintptr_t kPerCpuStride = uintptr_t{1} << 36;  // 64 GiB
inline constexpr size_t kHeapGranule = 16;
inline constexpr size_t kHeapRedZone = 64;  // bytes kept free on either side of an object
inline constexpr size_t kHeapPage = 4096;
inline constexpr size_t kLargeObject = 64 * 1024;  // from this capacity on an object is indexed by page
inline constexpr size_t kHeapObjectsMax = 1 << 20;  // per execution

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
    uint64_t size = 0;           // as asked for; what lies behind it is out of bounds
    uint64_t capacity = 0;       // bytes set aside for it, at least `size`; 0 means `size`. Its red zone follows them
    MemoryKind kind = MemoryKind::Slab;
    bool is_live = true;
    bool is_internal = false;  // the kernel's own (not counted as a leak of the module)
    PathId allocated_by = kNoPath;
    PathId freed_by = kNoPath;
    uintptr_t allocated_at = 0;  // pc in the module
    uintptr_t freed_at = 0;
    const char* function = "";   // kmalloc, kmem_cache_alloc ...; static storage
    const void* cache = nullptr; // kmem_cache it belongs to

    uint64_t reserved() const { return capacity > size ? capacity : size; }
    bool is_large() const { return reserved() >= kLargeObject; }
    // Its data or its red zones hold `at`.
    bool spans(uintptr_t at) const { return at - (address - kHeapRedZone) < reserved() + 2 * kHeapRedZone; }
    bool contains(uintptr_t at, size_t bytes) const { return at >= address && at + bytes <= address + size; }
};

struct AddressInfo {
    Region region = Region::Unmapped;
    CpuId cpu = kNoCpu;                  // PerCpu: whose copy
    PathId owner = kNoPath;              // Stack: whose stack
    uintptr_t canonical = 0;             // PerCpu: the template address; otherwise the address itself
    const HeapObject* object = nullptr;  // Heap, and PerCpu if dynamic
};

// Which object owns an address of [begin, end): an index into the objects of the execution.
class ObjectIndex {
  public:
    ObjectIndex() = default;
    ~ObjectIndex() { unmap(); }
    ObjectIndex(const ObjectIndex&) = delete;
    ObjectIndex& operator=(const ObjectIndex&) = delete;

    void map(uintptr_t begin, uintptr_t end);
    void cover(const HeapObject& object, uint32_t number);
    bool holds(uintptr_t address) const { return address - begin_ < bytes_; }

    // Candidates for the owner of `address`, which the caller compares with the object's own range.
    uint32_t by_granule(uintptr_t address) const { return granules_[(address - begin_) / kHeapGranule]; }
    uint32_t by_page(uintptr_t address) const { return pages_[(address - begin_) / kHeapPage]; }

  private:
    void unmap();
    void cover_granules(uintptr_t begin, uintptr_t end, uint32_t number);

    uintptr_t begin_ = 0;
    uintptr_t bytes_ = 0;
    uint32_t* granules_ = nullptr;  // [granule], zero at first
    uint32_t* pages_ = nullptr;     // [page], valid inside large objects
};

class MemoryMap {
  public:
    MemoryMap();
    ~MemoryMap() = default;
    MemoryMap(const MemoryMap&) = delete;
    MemoryMap& operator=(const MemoryMap&) = delete;

    // Fixed regions: added once when a program is loaded. Later ones win where they overlap.
    void add_region(Region region, uintptr_t begin, uintptr_t end);
    // Static per-CPU section [begin, end) of the module with copies for `cpus` CPUs; wins over fixed regions.
    void set_static_percpu(uintptr_t begin, uintptr_t end, int cpus);
    // The window that dynamic per-CPU addresses come from.
    void set_dynamic_percpu(uintptr_t begin, uintptr_t end, int cpus);
    void set_stacks(uintptr_t begin, uintptr_t stride_bytes, int count);
    void set_stack_owner(int stack, PathId owner) { stack_owners_[static_cast<size_t>(stack)] = owner; }
    void set_heap(uintptr_t begin, uintptr_t end);

    AddressInfo classify(uintptr_t address) const;
    // True when [address, address + size) is memory that code may touch now (live heap, data, stacks, kernel, per-CPU).
    bool is_accessible(uintptr_t address, size_t size) const;

    // Objects of this execution, of the heap and of the dynamic per-CPU window. `object.address` is granule-aligned and
    // its red zones overlap no other object's data. It may take the place of a freed object that is as large in the sense
    // of is_large(). Requires: !is_full().
    HeapObject& add_object(const HeapObject& object);
    bool is_full() const { return objects_.size() == kHeapObjectsMax; }
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
        uintptr_t bytes = 0;
        int cpus = 0;

        bool holds_template(uintptr_t address) const { return address - begin < bytes; }
        // The template address of which `address` is a copy, and whose copy; false when it is none.
        bool find_copy(uintptr_t address, uintptr_t& canonical, CpuId& cpu) const;
    };

    const HeapObject* find_in(const ObjectIndex& index, uintptr_t address) const;
    const FixedRegion* find_fixed(uintptr_t address) const;
    bool is_fixed_accessible(uintptr_t address, size_t size) const;
    bool is_percpu_accessible(uintptr_t address, size_t size) const;
    bool classify_percpu(uintptr_t address, AddressInfo& info) const;

    std::vector<FixedRegion> fixed_;  // disjoint, sorted by address
    PerCpuWindow static_percpu_;
    PerCpuWindow dynamic_percpu_;
    ObjectIndex heap_;
    ObjectIndex dynamic_percpu_index_;  // by template address
    uintptr_t stacks_begin_ = 0;
    uintptr_t stacks_bytes_ = 0;
    uintptr_t stack_stride_ = 1;
    std::vector<PathId> stack_owners_;
    std::vector<HeapObject> objects_;  // reserved once; never moves
};

// The address of CPU `cpu`'s copy of the per-CPU object at `address`.
constexpr uintptr_t percpu_copy(uintptr_t address, CpuId cpu) { return address - (uintptr_t{cpu.value} + 1) * kPerCpuStride; }

}  // namespace kloom::trace
