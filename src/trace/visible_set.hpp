// VisibleSet: the memory locations at which an interleaving can matter.
//
// Choice points are needed only where two paths can conflict. Synchronisation is always visible; a plain location becomes
// visible when two accesses to it, at least one a write, were seen that no happens-before edge orders. The set only
// grows, over all executions of a search; when it grew, the search at hand starts again. At the fixed point no execution
// explored has an unordered conflict outside the set, so every interleaving of all accesses is equivalent to one that
// switches at visible operations only (the argument of Musuvathi and Qadeer 2007, section 3.1, for race-free locations).
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace kloom::trace {

class VisibleSet {
  public:
    VisibleSet() : slots_(kInitialSlots, 0) {}

    // Marks every 8-byte granule that [address, address + size) touches. Returns true when one of them is new.
    bool insert(uintptr_t address, uint32_t size);

    bool contains(uintptr_t address, uint32_t size) const {
        if (count_ == 0) return false;
        const uintptr_t last = (address + (size == 0 ? 0 : size - 1)) >> kGranuleShift;
        for (uintptr_t granule = address >> kGranuleShift; granule <= last; ++granule)
            if (contains_granule(granule)) return true;
        return false;
    }

    // Number of granules; grows whenever the set does, so a caller can compare before and after.
    size_t size() const { return count_; }
    void clear();
    // The first byte of each granule, in order.
    std::vector<uintptr_t> addresses() const;

  private:
    static constexpr int kGranuleShift = 3;
    static constexpr size_t kInitialSlots = 256;  // a power of two

    static size_t hash(uintptr_t granule) { return static_cast<size_t>((granule * 0x9e3779b97f4a7c15ull) >> 20); }
    bool contains_granule(uintptr_t granule) const {
        for (size_t slot = hash(granule) & (slots_.size() - 1);; slot = (slot + 1) & (slots_.size() - 1)) {
            if (slots_[slot] == granule) return true;
            if (slots_[slot] == 0) return false;
        }
    }
    void insert_granule(uintptr_t granule);

    std::vector<uintptr_t> slots_;  // open addressing; 0 is free (granule 0 is the null page, never accessed)
    size_t count_ = 0;
};

}  // namespace kloom::trace
