// ShadowTable: a detector's cell for each 8-byte granule of memory that was touched.
//
// Open addressing with linear probing; a slot of an earlier execution is free, so forgetting
// everything costs one increment. Nothing is removed within an execution.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace kloom::detect {

inline constexpr int kShadowGranuleShift = 3;
inline constexpr uint32_t kShadowGranuleBytes = 1u << kShadowGranuleShift;

template <class Cell>
class ShadowTable {
  public:
    ShadowTable() : slots_(kInitialSlots) {}

    void begin_execution() {
        used_ = 0;
        if (++generation_ != 0) return;
        std::fill(slots_.begin(), slots_.end(), Slot());
        generation_ = 1;
    }

    Cell* find(uintptr_t granule) {
        Slot& slot = slots_[index_of(granule)];
        return slot.generation == generation_ ? &slot.cell : nullptr;
    }

    // The granule's cell, fresh when it has none. Valid until the next call.
    Cell& at(uintptr_t granule) {
        Slot* slot = &slots_[index_of(granule)];
        if (slot->generation == generation_) [[likely]]
            return slot->cell;
        if ((used_ + 1) * 2 > slots_.size()) {
            grow();
            slot = &slots_[index_of(granule)];
        }
        ++used_;
        *slot = {.granule = granule, .generation = generation_, .cell = Cell()};
        return slot->cell;
    }

    size_t size() const { return used_; }

  private:
    struct Slot {
        uintptr_t granule = 0;
        uint32_t generation = 0;
        Cell cell{};
    };
    static constexpr size_t kInitialSlots = 4096;  // a power of two

    // The granule's slot, or the free one where it would go. Ends: half of the slots are free.
    size_t index_of(uintptr_t granule) const {
        const size_t mask = slots_.size() - 1;
        size_t index = static_cast<size_t>((granule * 0x9e3779b97f4a7c15ull) >> 20) & mask;
        while (slots_[index].generation == generation_ && slots_[index].granule != granule)
            index = (index + 1) & mask;
        return index;
    }

    void grow() {
        std::vector<Slot> old(slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& slot : old)
            if (slot.generation == generation_) slots_[index_of(slot.granule)] = slot;
    }

    std::vector<Slot> slots_;
    uint32_t generation_ = 1;
    size_t used_ = 0;
};

// The granules of [address, address + size), each with the bytes of it that lie in the range (bit
// n: byte n).
template <class Function>
void for_each_granule(uintptr_t address, uint64_t size, Function&& function) {
    if (size == 0) return;
    const uintptr_t last_byte = address + size - 1;
    for (uintptr_t granule = address >> kShadowGranuleShift;
         granule <= last_byte >> kShadowGranuleShift; ++granule) {
        const uintptr_t base = granule << kShadowGranuleShift;
        uint32_t bytes = 0xff;
        if (base < address) bytes &= 0xffu << (address - base);
        if (last_byte - base < kShadowGranuleBytes - 1)
            bytes &= 0xffu >> (kShadowGranuleBytes - 1 - (last_byte - base));
        function(granule, static_cast<uint8_t>(bytes));
    }
}

}  // namespace kloom::detect
