#include "toolchain/dwarf_types.hpp"

#include <dwarf.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <vector>

namespace kloom::toolchain {
namespace {

constexpr int kDepthMax = 32;  // nesting of types; more is damaged debug information

// Types whose inside is nobody's business: users know them as one thing.
constexpr auto kOpaqueTypes = std::to_array<std::string_view>({
    "atomic_t",       "atomic64_t",    "atomic_long_t", "refcount_t", "kref",       "local_t",           "spinlock_t",
    "raw_spinlock_t", "rwlock_t",      "seqlock_t",     "seqcount_t", "mutex",      "semaphore",         "rw_semaphore",
    "completion",     "wait_queue_head_t", "wait_queue_head", "timer_list", "hrtimer", "work_struct", "tasklet_struct",
    "spinlock",       "raw_spinlock",  "percpu_counter",
});

std::optional<Dwarf_Die> die_attribute(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Die target;
    if (dwarf_attr_integrate(die, name, &attribute) == nullptr || dwarf_formref_die(&attribute, &target) == nullptr)
        return std::nullopt;
    return target;
}

std::optional<uint64_t> number_attribute(Dwarf_Die* die, unsigned name) {
    Dwarf_Attribute attribute;
    Dwarf_Word value;
    if (dwarf_attr_integrate(die, name, &attribute) == nullptr || dwarf_formudata(&attribute, &value) != 0)
        return std::nullopt;
    return value;
}

bool is_opaque(Dwarf_Die* type) {
    const char* const name = dwarf_diename(type);
    return name != nullptr && std::find(kOpaqueTypes.begin(), kOpaqueTypes.end(), name) != kOpaqueTypes.end();
}

// The type without its qualifiers and typedefs; nothing when it is opaque or not described.
std::optional<Dwarf_Die> transparent_type(Dwarf_Die* die) {
    std::optional<Dwarf_Die> type = die_attribute(die, DW_AT_type);
    for (int depth = 0; type && depth < kDepthMax; ++depth) {
        if (is_opaque(&*type)) return std::nullopt;
        switch (dwarf_tag(&*type)) {
            case DW_TAG_typedef:
            case DW_TAG_const_type:
            case DW_TAG_volatile_type:
            case DW_TAG_atomic_type: type = die_attribute(&*type, DW_AT_type); break;
            default: return type;
        }
    }
    return std::nullopt;
}

std::optional<uint64_t> size_of(Dwarf_Die* type) {
    Dwarf_Word size;
    if (dwarf_aggregate_size(type, &size) != 0) return std::nullopt;
    return size;
}

// Where a position in a variable lies.
struct Span {
    uint64_t offset;
    uint64_t size;  // 0: the smallest
};

std::optional<Dwarf_Die> first_child(Dwarf_Die* die, int tag) {
    Dwarf_Die child;
    if (dwarf_child(die, &child) != 0) return std::nullopt;
    do {
        if (dwarf_tag(&child) == tag) return child;
    } while (dwarf_siblingof(&child, &child) == 0);
    return std::nullopt;
}

// The lengths of an array's dimensions, outermost first; 0 for one that is not known.
std::vector<uint64_t> dimensions(Dwarf_Die* array) {
    std::vector<uint64_t> lengths;
    Dwarf_Die child;
    if (dwarf_child(array, &child) != 0) return lengths;
    do {
        if (dwarf_tag(&child) != DW_TAG_subrange_type) continue;
        if (const auto count = number_attribute(&child, DW_AT_count)) lengths.push_back(*count);
        else if (const auto bound = number_attribute(&child, DW_AT_upper_bound)) lengths.push_back(*bound + 1);
        else lengths.push_back(0);
    } while (dwarf_siblingof(&child, &child) == 0);
    return lengths;
}

// One step into an array: appends the indices and moves `span` into the element. False when it covers several elements.
bool enter_array(Dwarf_Die* array, Span& span, std::string& path) {
    std::optional<Dwarf_Die> element = die_attribute(array, DW_AT_type);
    const auto element_size = element ? size_of(&*element) : std::nullopt;
    const std::vector<uint64_t> lengths = dimensions(array);
    if (!element_size || *element_size == 0 || lengths.empty() || span.size > *element_size) return false;

    uint64_t index = span.offset / *element_size;
    span.offset %= *element_size;
    std::string indices;
    for (size_t i = lengths.size(); i-- > 0;) {
        const bool is_outermost = i == 0 || lengths[i] == 0;
        indices.insert(0, "[" + std::to_string(is_outermost ? index : index % lengths[i]) + "]");
        if (is_outermost) break;
        index /= lengths[i];
    }
    path += indices;
    return true;
}

// The member of a structure or union that holds `span`, which is moved into it; bit-fields share their bytes and have no
// name of their own here.
std::optional<Dwarf_Die> enter_member(Dwarf_Die* structure, Span& span) {
    std::optional<Dwarf_Die> member = first_child(structure, DW_TAG_member);
    while (member) {
        const uint64_t start = number_attribute(&*member, DW_AT_data_member_location).value_or(0);
        std::optional<Dwarf_Die> type = die_attribute(&*member, DW_AT_type);
        const auto size = type ? size_of(&*type) : std::nullopt;
        const bool is_member = dwarf_tag(&*member) == DW_TAG_member && !dwarf_hasattr(&*member, DW_AT_data_bit_offset);
        if (is_member && size && start <= span.offset && span.offset - start < *size && span.size <= *size) {
            span.offset -= start;
            return member;
        }
        Dwarf_Die next;
        if (dwarf_siblingof(&*member, &next) != 0) return std::nullopt;
        member = next;
    }
    return std::nullopt;
}

}  // namespace

std::string member_path(Dwarf_Die* variable, uint64_t offset, uint64_t size) {
    std::string path;
    Span span{offset, size};
    std::optional<Dwarf_Die> type = transparent_type(variable);
    for (int depth = 0; type && depth < kDepthMax; ++depth) {
        const int tag = dwarf_tag(&*type);
        if (tag == DW_TAG_array_type) {
            if (!enter_array(&*type, span, path)) return path;
            type = transparent_type(&*type);
            continue;
        }
        if (tag != DW_TAG_structure_type && tag != DW_TAG_union_type && tag != DW_TAG_class_type) return path;
        std::optional<Dwarf_Die> member = enter_member(&*type, span);
        if (!member) return path;
        if (const char* const name = dwarf_diename(&*member)) path += "." + std::string(name);
        type = transparent_type(&*member);
    }
    return path;
}

}  // namespace kloom::toolchain
