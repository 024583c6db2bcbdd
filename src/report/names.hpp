// Names: what the paths, objects and values of one execution are called in reports.
//
// Objects of the heap are named after the allocation in the recording itself, so that a name is
// right whatever was run since. One heap object in a story is "the object", several are "object A",
// "object B" in order of appearance; the legend says where each was allocated. Everything else is
// named by Symbols.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "trace/outcome.hpp"

namespace kloom::report {

class Names {
  public:
    // Both outlive this object.
    Names(const trace::Recording& recording, const trace::Symbols& symbols);

    // "kthread/0", "irq 19": as the path was called when `info` was taken.
    static std::string brief_path(const trace::PathInfo& info);
    // "kthread/0 (pid 102)", "irq 19 on CPU 0".
    static std::string full_path(const trace::PathInfo& info);
    // The path with that id, as it was called at the last event not after `number`; null if it
    // never ran.
    const trace::PathInfo* find_path(trace::PathId path, uint64_t number = ~uint64_t{0}) const;

    // "V", "CPU 1's copy of counter", "the 16-byte object allocated at a.c:12".
    std::string describe(uintptr_t address, uint32_t size) const;
    // The same for the cells of a table: "V", "object A + 8", "NULL + 8". A new heap object gets
    // the next letter.
    std::string object(uintptr_t address, uint32_t size);
    // "1", "-12", "NULL", "object A", "0x...c0de". `is_pointer`: what else was seen at the same
    // place says so.
    std::string value(uint64_t value, uint32_t size, bool is_pointer);
    // One line for each heap object that object() or value() named: "object A: 16 bytes, allocated
    // at a.c:12".
    std::vector<std::string> legend() const;
    // The heap objects of the legend.
    const std::vector<const trace::Event*>& named() const { return named_; }
    // To be called when every object has been named once: a single heap object needs no letter.
    void fix_letters() { single_object_ = named_.size() == 1; }

    // Whether an 8-byte value can only be an address.
    static bool is_address(uint64_t value) {
        return value >= kAddressMin && value < kErrorPointerMin;
    }

  private:
    static constexpr uint64_t kAddressMin = uint64_t{1} << 32;
    static constexpr uint64_t kErrorPointerMin = ~uint64_t{0} - 4095;
    static constexpr uintptr_t kNullPageEnd = 65536;

    struct HeapPlace {
        const trace::Event* allocation = nullptr;
        int64_t offset = 0;
        std::optional<uint16_t> cpu;  // whose copy of a per-CPU object
    };

    std::optional<HeapPlace> find_heap(uintptr_t address) const;
    std::optional<HeapPlace> find_heap(uintptr_t address, size_t slack) const;
    std::string letter_of(const trace::Event* allocation);

    const trace::Recording& recording_;
    const trace::Symbols& symbols_;
    std::vector<const trace::Event*> allocations_;  // in order
    std::vector<const trace::Event*> named_;        // index: letter
    bool single_object_ = false;
};

// "a.c:12", without folders.
std::string brief_place(const trace::SourceLocation& place);
// `text` with {object} and {0}, {1} ... replaced as Finding::message says.
std::string expand_message(const trace::Finding& finding, const Names& names);

}  // namespace kloom::report
