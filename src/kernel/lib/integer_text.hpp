// Numbers in text, as the kernel's parsers read them: the base from a prefix when it is 0, digits,
// and whether the value fitted 64 bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace kloom::kernel {

struct ParsedInteger {
    uint64_t value = 0;
    size_t size = 0;  // characters, prefix included; 0: no digit
    bool has_overflown = false;
};

// Reads at most the whole of `text`; no sign, no blanks. `base` is 0, 8, 10, 16 or any other from 2
// to 36.
ParsedInteger parse_integer(std::string_view text, unsigned base);

}  // namespace kloom::kernel
