// AddressWindows: where allocations get their addresses.
//
// Each path allocates from a window of its own, so that the address of its n-th allocation does not depend on what other
// paths do meanwhile. Addresses go up and are not used twice in an execution, so that a freed object stays recognisable;
// only when a window is full is the range taken that was freed longest ago.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "trace/ids.hpp"

namespace kloom::kernel {

struct AddressRange {
    uintptr_t address = 0;  // 0: none
    size_t bytes = 0;
};

class AddressWindows {
  public:
    // `count` windows of `window_bytes` each from `begin` on. Hands out addresses only; the memory is the caller's matter.
    AddressWindows(uintptr_t begin, size_t window_bytes, size_t count);

    uintptr_t begin() const { return begin_; }
    uintptr_t end() const { return begin_ + window_bytes_ * windows_.size(); }
    bool contains(uintptr_t address) const { return address >= begin() && address < end(); }

    // At least `bytes` at a multiple of `alignment` (a power of two), red zones on either side; none when the window is full.
    AddressRange take(size_t window, size_t bytes, size_t alignment);
    void give_back(AddressRange range);
    // All windows are empty again. Costs what was used.
    void reset();

  private:
    struct Window {
        uintptr_t next = 0;  // offset of the first address never taken
        std::vector<AddressRange> freed;
        size_t first_freed = 0;  // the ranges before it were taken again
        bool is_used = false;
    };
    AddressRange take_freed(Window& window, size_t bytes, size_t alignment);
    void mark_used(size_t window);

    uintptr_t begin_;
    size_t window_bytes_;
    std::vector<Window> windows_;
    std::vector<size_t> used_;
};

// Reserves [begin, begin + bytes) as memory that is zero and costs nothing until it is touched. False when the addresses
// are taken.
bool reserve_memory(uintptr_t begin, size_t bytes);
void unreserve_memory(uintptr_t begin, size_t bytes);

// The window of the path that runs; outside of paths one of its own.
size_t current_window();

}  // namespace kloom::kernel
