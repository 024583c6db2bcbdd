#include "trace/memory_map.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <utility>

#include "base/check.hpp"

namespace kloom::trace {
namespace {

inline constexpr uintptr_t kNullPageEnd = 64 * 1024;
inline constexpr uintptr_t kErrorPointerBegin = ~uintptr_t{4095};

// A table that costs memory only where it is used.
uint32_t* map_table(size_t entries) {
    void* table = mmap(nullptr, entries * sizeof(uint32_t), PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    CHECK(table != MAP_FAILED, "cannot reserve an address table of %zu entries", entries);
    return static_cast<uint32_t*>(table);
}

// A copy of the null page's per-CPU template: what this_cpu_ptr(NULL) yields.
bool is_percpu_copy_of_null(uintptr_t address) {
    return address >= ~uintptr_t{0} - uintptr_t{kCpusMax} * kPerCpuStride && address % kPerCpuStride < kNullPageEnd;
}

}  // namespace

// ---- ObjectIndex ---------------------------------------------------------------------------------------------------

void ObjectIndex::map(uintptr_t begin, uintptr_t end) {
    unmap();
    begin_ = begin;
    bytes_ = end - begin;
    granules_ = map_table(bytes_ / kHeapGranule);
    pages_ = map_table(bytes_ / kHeapPage + 1);
}

void ObjectIndex::unmap() {
    if (granules_ == nullptr) return;
    munmap(granules_, bytes_ / kHeapGranule * sizeof(uint32_t));
    munmap(pages_, (bytes_ / kHeapPage + 1) * sizeof(uint32_t));
    granules_ = pages_ = nullptr;
}

void ObjectIndex::cover(const HeapObject& object, uint32_t number) {
    const uintptr_t begin = object.address - kHeapRedZone;
    const uintptr_t end = object.address + object.reserved() + kHeapRedZone;
    if (!object.is_large()) {
        cover_granules(begin, end, number);
        return;
    }
    const uintptr_t first_page = (begin - begin_ + kHeapPage - 1) / kHeapPage;
    const uintptr_t end_page = (end - begin_) / kHeapPage;
    cover_granules(begin, begin_ + first_page * kHeapPage, number);
    std::fill(pages_ + first_page, pages_ + end_page, number);
    cover_granules(begin_ + end_page * kHeapPage, end, number);
}

void ObjectIndex::cover_granules(uintptr_t begin, uintptr_t end, uint32_t number) {
    const uintptr_t first = (begin - begin_) / kHeapGranule;
    const uintptr_t last = (end - begin_ + kHeapGranule - 1) / kHeapGranule;
    std::fill(granules_ + first, granules_ + last, number);
}

// ---- setting up ----------------------------------------------------------------------------------------------------

MemoryMap::MemoryMap() { objects_.reserve(kHeapObjectsMax); }

void MemoryMap::add_region(Region region, uintptr_t begin, uintptr_t end) {
    if (begin >= end) return;
    std::vector<FixedRegion> regions{{region, begin, end}};
    for (const FixedRegion& old : fixed_) {
        if (old.begin < begin) regions.push_back({old.region, old.begin, std::min(old.end, begin)});
        if (old.end > end) regions.push_back({old.region, std::max(old.begin, end), old.end});
    }
    std::ranges::sort(regions, {}, &FixedRegion::begin);
    fixed_ = std::move(regions);
}

void MemoryMap::set_static_percpu(uintptr_t begin, uintptr_t end, int cpus) {
    static_percpu_ = {.begin = begin, .bytes = end - begin, .cpus = cpus};
}

void MemoryMap::set_dynamic_percpu(uintptr_t begin, uintptr_t end, int cpus) {
    CHECK(end - begin < kPerCpuStride, "copies of different CPUs would overlap");
    dynamic_percpu_ = {.begin = begin, .bytes = end - begin, .cpus = cpus};
    dynamic_percpu_index_.map(begin, end);
}

void MemoryMap::set_stacks(uintptr_t begin, uintptr_t stride_bytes, int count) {
    stacks_begin_ = begin;
    stack_stride_ = stride_bytes;
    stacks_bytes_ = stride_bytes * static_cast<uintptr_t>(count);
    stack_owners_.assign(static_cast<size_t>(count), kNoPath);
}

void MemoryMap::set_heap(uintptr_t begin, uintptr_t end) { heap_.map(begin, end); }

void MemoryMap::begin_execution() {
    objects_.clear();
    std::ranges::fill(stack_owners_, kNoPath);
}

// ---- objects -------------------------------------------------------------------------------------------------------

HeapObject& MemoryMap::add_object(const HeapObject& object) {
    CHECK(object.address % kHeapGranule == 0 && !is_full(), "object at %#zx cannot be added", object.address);
    ObjectIndex& index = heap_.holds(object.address) ? heap_ : dynamic_percpu_index_;
    CHECK(index.holds(object.address), "object at %#zx lies in no window", object.address);
    index.cover(object, static_cast<uint32_t>(objects_.size()));
    return objects_.emplace_back(object);
}

inline const HeapObject* MemoryMap::find_in(const ObjectIndex& index, uintptr_t address) const {
    uint32_t number = index.by_granule(address);
    if (number < objects_.size() && objects_[number].spans(address)) return &objects_[number];
    number = index.by_page(address);
    if (number < objects_.size() && objects_[number].spans(address)) return &objects_[number];
    return nullptr;
}

const HeapObject* MemoryMap::find_object(uintptr_t address) const {
    if (heap_.holds(address)) return find_in(heap_, address);
    if (dynamic_percpu_index_.holds(address)) return find_in(dynamic_percpu_index_, address);
    return nullptr;
}

HeapObject* MemoryMap::find_object(uintptr_t address) {
    return const_cast<HeapObject*>(std::as_const(*this).find_object(address));
}

// ---- asking --------------------------------------------------------------------------------------------------------

bool MemoryMap::PerCpuWindow::find_copy(uintptr_t address, uintptr_t& canonical, CpuId& cpu) const {
    if (address >= begin) return false;
    const uintptr_t strides = (begin - address + kPerCpuStride - 1) / kPerCpuStride;
    if (strides > static_cast<uintptr_t>(cpus)) return false;
    canonical = address + strides * kPerCpuStride;
    cpu = CpuId(static_cast<uint16_t>(strides - 1));
    return holds_template(canonical);
}

const MemoryMap::FixedRegion* MemoryMap::find_fixed(uintptr_t address) const {
    for (const FixedRegion& region : fixed_)
        if (address - region.begin < region.end - region.begin) return &region;
    return nullptr;
}

bool MemoryMap::is_accessible(uintptr_t address, size_t size) const {
    if (size == 0) return true;
    if (address - stacks_begin_ < stacks_bytes_) return size <= stacks_bytes_ - (address - stacks_begin_);
    if (heap_.holds(address)) {
        const HeapObject* object = find_in(heap_, address);
        return object != nullptr && object->is_live && object->contains(address, size);
    }
    return is_fixed_accessible(address, size) || is_percpu_accessible(address, size);
}

bool MemoryMap::is_fixed_accessible(uintptr_t address, size_t size) const {
    if (static_percpu_.holds_template(address)) return false;
    const uintptr_t end = address + size;
    while (address < end) {  // ends: each round goes beyond one region
        const FixedRegion* region = find_fixed(address);
        if (region == nullptr || region->region == Region::User || region->region == Region::PerCpuTemplate)
            return false;
        address = region->end;
    }
    return true;
}

bool MemoryMap::is_percpu_accessible(uintptr_t address, size_t size) const {
    uintptr_t canonical;
    CpuId cpu;
    if (static_percpu_.find_copy(address, canonical, cpu))
        return size <= static_percpu_.bytes - (canonical - static_percpu_.begin);
    if (!dynamic_percpu_.find_copy(address, canonical, cpu)) return false;
    const HeapObject* object = find_in(dynamic_percpu_index_, canonical);
    return object != nullptr && object->is_live && object->contains(canonical, size);
}

AddressInfo MemoryMap::classify(uintptr_t address) const {
    AddressInfo info{.canonical = address};
    if (const uintptr_t offset = address - stacks_begin_; offset < stacks_bytes_) {
        info.region = Region::Stack;
        info.owner = stack_owners_[offset / stack_stride_];
    } else if (heap_.holds(address)) {
        info.object = find_in(heap_, address);
        info.region = info.object != nullptr ? Region::Heap : Region::Unmapped;
    } else if (classify_percpu(address, info)) {
        // `info` is filled in.
    } else if (const FixedRegion* fixed = find_fixed(address)) {
        info.region = fixed->region;
    } else if (address < kNullPageEnd || is_percpu_copy_of_null(address)) {
        info.region = Region::NullPage;
    } else if (address >= kErrorPointerBegin) {
        info.region = Region::ErrorPointer;
    }
    return info;
}

bool MemoryMap::classify_percpu(uintptr_t address, AddressInfo& info) const {
    if (static_percpu_.holds_template(address)) {
        info.region = Region::PerCpuTemplate;
        return true;
    }
    if (dynamic_percpu_.holds_template(address)) {
        info.region = Region::PerCpuTemplate;
        info.object = find_in(dynamic_percpu_index_, address);
        return true;
    }
    if (static_percpu_.find_copy(address, info.canonical, info.cpu)) {
        info.region = Region::PerCpu;
        return true;
    }
    if (dynamic_percpu_.find_copy(address, info.canonical, info.cpu)) {
        info.region = Region::PerCpu;
        info.object = find_in(dynamic_percpu_index_, info.canonical);
        return true;
    }
    info.canonical = address;
    info.cpu = kNoCpu;
    return false;
}

}  // namespace kloom::trace
