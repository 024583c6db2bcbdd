#include "kernel/lib/integer_text.hpp"

namespace kloom::kernel {
namespace {

constexpr unsigned kNoDigit = 99;

unsigned digit_value(char c) {
    if (c >= '0' && c <= '9') return static_cast<unsigned>(c - '0');
    if (c >= 'a' && c <= 'z') return static_cast<unsigned>(c - 'a') + 10;
    if (c >= 'A' && c <= 'Z') return static_cast<unsigned>(c - 'A') + 10;
    return kNoDigit;
}

bool has_hex_prefix(std::string_view text) {
    return text.size() > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
           digit_value(text[2]) < 16;
}

}  // namespace

ParsedInteger parse_integer(std::string_view text, unsigned base) {
    ParsedInteger result;
    const bool has_prefix = has_hex_prefix(text);
    if (base == 0) base = has_prefix ? 16 : (!text.empty() && text[0] == '0') ? 8 : 10;
    if (base == 16 && has_prefix) result.size = 2;

    const size_t first_digit = result.size;
    for (; result.size < text.size() && digit_value(text[result.size]) < base; ++result.size) {
        if (__builtin_mul_overflow(result.value, static_cast<uint64_t>(base), &result.value) ||
            __builtin_add_overflow(result.value, digit_value(text[result.size]), &result.value))
            result.has_overflown = true;
    }
    if (result.size == first_digit) result.size = 0;
    return result;
}

}  // namespace kloom::kernel
