// Numbers in text, as the kernel's parsers read them: the base from a prefix when it is 0, digits,
// and whether the value fitted 64 bits.
#pragma once

#include <cstdint>
#include <string_view>

namespace kloom::kernel {

struct ParsedInteger {
    uint64_t value = 0;
    size_t size = 0;             // characters, prefix included
    size_t digits = 0;           // 0: no number; a prefix may have been taken all the same
    bool has_overflown = false;  // then the value has wrapped
};

// Reads at most `limit` characters of `text`; no sign, no blanks. `base` is 0, 8, 10, 16 or any
// other from 2 to 16: Linux knows no digits behind f. A prefix is recognised behind the limit too,
// and then cut off by it.
ParsedInteger parse_integer(std::string_view text, unsigned base,
                            size_t limit = std::string_view::npos);

}  // namespace kloom::kernel
