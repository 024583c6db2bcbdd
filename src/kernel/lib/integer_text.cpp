#include "kernel/lib/integer_text.hpp"

#include <algorithm>

namespace kloom::kernel {
namespace {

constexpr unsigned kNoDigit = 99;

unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'f') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') return static_cast<unsigned>(c - 'A') + 10;
    return kNoDigit;
}

bool has_hex_prefix(std::string_view text) {
    return text.size() >= 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

// The base that the text itself names.
unsigned base_of(std::string_view text) {
    if (has_hex_prefix(text) && text.size() > 2 && digit_value(text[2]) < 16) return 16;
    return text.starts_with('0') ? 8 : 10;
}

}  // namespace

ParsedInteger parse_integer(std::string_view text, unsigned base, size_t limit) {
    ParsedInteger result;
    if (base == 0) base = base_of(text);
    const size_t end = std::min(text.size(), limit);
    // Where base 16 is asked for, a prefix without a digit behind it is taken too.
    if (base == 16 && has_hex_prefix(text)) result.size = std::min<size_t>(2, end);
    for (; result.size < end && digit_value(text[result.size]) < base;
         ++result.size, ++result.digits) {
        const uint64_t digit = digit_value(text[result.size]);
        if (result.value > (UINT64_MAX - digit) / base) result.has_overflown = true;
        result.value = result.value * base + digit;
    }
    return result;
}

}  // namespace kloom::kernel
