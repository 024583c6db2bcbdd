#include "trace/visible_set.hpp"

#include <algorithm>

namespace kloom::trace {

bool VisibleSet::insert(uintptr_t address, uint32_t size) {
    const size_t before = count_;
    const uintptr_t last = (address + (size == 0 ? 0 : size - 1)) >> kGranuleShift;
    for (uintptr_t granule = address >> kGranuleShift; granule <= last; ++granule)
        if (!contains_granule(granule)) insert_granule(granule);
    return count_ != before;
}

void VisibleSet::insert_granule(uintptr_t granule) {
    if ((count_ + 1) * 2 > slots_.size()) {
        std::vector<uintptr_t> old(slots_.size() * 2, 0);
        old.swap(slots_);
        count_ = 0;
        for (uintptr_t entry : old)
            if (entry != 0) insert_granule(entry);
    }
    size_t slot = hash(granule) & (slots_.size() - 1);
    while (slots_[slot] != 0) slot = (slot + 1) & (slots_.size() - 1);
    slots_[slot] = granule;
    ++count_;
}

std::vector<uintptr_t> VisibleSet::addresses() const {
    std::vector<uintptr_t> addresses;
    for (const uintptr_t granule : slots_)
        if (granule != 0) addresses.push_back(granule << kGranuleShift);
    std::sort(addresses.begin(), addresses.end());
    return addresses;
}

void VisibleSet::clear() {
    slots_.assign(kInitialSlots, 0);
    count_ = 0;
}

}  // namespace kloom::trace
