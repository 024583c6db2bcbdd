#include "kernel/mm/windows.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "machine/machine.hpp"
#include "trace/memory_map.hpp"

namespace kloom::kernel {
namespace {

// Freed ranges looked at for one that is large enough; bounds the cost of an allocation in a full window.
constexpr size_t kFreedRangesTried = 64;

// The last window belongs to the task_structs, see sched/task_block.hpp.
constexpr size_t kOutsideWindow = trace::kPathsMax - 2;

constexpr uintptr_t align_up(uintptr_t value, uintptr_t alignment) { return (value + alignment - 1) & ~(alignment - 1); }

bool is_large(size_t bytes) { return bytes >= trace::kLargeObject; }

}  // namespace

AddressWindows::AddressWindows(uintptr_t begin, size_t window_bytes, size_t count)
    : begin_(begin), window_bytes_(window_bytes), windows_(count) {}

AddressRange AddressWindows::take(size_t index, size_t bytes, size_t alignment) {
    Window& window = windows_[index];
    const uintptr_t window_begin = begin_ + index * window_bytes_;
    const uintptr_t address = align_up(window_begin + window.next + trace::kHeapRedZone, alignment);
    const uintptr_t end = align_up(address + bytes, trace::kHeapGranule) + trace::kHeapRedZone;
    if (end > window_begin + window_bytes_ || bytes > window_bytes_) return take_freed(window, bytes, alignment);
    mark_used(index);
    window.next = end - window_begin;
    return {address, bytes};
}

AddressRange AddressWindows::take_freed(Window& window, size_t bytes, size_t alignment) {
    const size_t end = std::min(window.freed.size(), window.first_freed + kFreedRangesTried);
    for (size_t index = window.first_freed; index < end; ++index) {
        const AddressRange range = window.freed[index];
        // The memory map tells small objects from large ones that lay there before.
        if (range.bytes < bytes || range.address % alignment != 0 || is_large(range.bytes) != is_large(bytes)) continue;
        window.freed[index] = window.freed[window.first_freed++];
        return range;
    }
    return {};
}

void AddressWindows::give_back(AddressRange range) {
    const size_t index = (range.address - begin_) / window_bytes_;
    windows_[index].freed.push_back(range);
}

void AddressWindows::mark_used(size_t index) {
    if (windows_[index].is_used) return;
    windows_[index].is_used = true;
    used_.push_back(index);
}

void AddressWindows::reset() {
    for (size_t index : used_) {
        windows_[index].next = 0;
        windows_[index].freed.clear();
        windows_[index].first_freed = 0;
        windows_[index].is_used = false;
    }
    used_.clear();
}

bool reserve_memory(uintptr_t begin, size_t bytes) {
    void* const wanted = reinterpret_cast<void*>(begin);
    void* const got = mmap(wanted, bytes, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (got == wanted) return true;
    if (got != MAP_FAILED) munmap(got, bytes);
    return false;
}

void unreserve_memory(uintptr_t begin, size_t bytes) { munmap(reinterpret_cast<void*>(begin), bytes); }

size_t current_window() {
    const machine::Machine* machine = machine::machine_or_null();
    if (machine == nullptr || !machine->is_running()) return kOutsideWindow;
    return machine::machine().current().id.index();
}

}  // namespace kloom::kernel
