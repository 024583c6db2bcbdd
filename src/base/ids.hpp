// Strong ids: integers that cannot be mixed up with one another.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace kloom::base {

// An integer of type `Rep` that only compares with its own kind. `value` is public on purpose: ids index arrays.
template <class Tag, class Rep>
struct StrongId {
    Rep value = 0;

    constexpr StrongId() = default;
    constexpr explicit StrongId(Rep v) : value(v) {}
    constexpr auto operator<=>(const StrongId&) const = default;
    constexpr size_t index() const { return static_cast<size_t>(value); }
};

}  // namespace kloom::base

template <class Tag, class Rep>
struct std::hash<kloom::base::StrongId<Tag, Rep>> {
    size_t operator()(kloom::base::StrongId<Tag, Rep> id) const noexcept { return std::hash<Rep>{}(id.value); }
};
