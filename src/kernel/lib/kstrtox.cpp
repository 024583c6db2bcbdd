// kstrto*() and simple_strto*(). The strict family accepts one number, an optional sign before it,
// and at most one newline behind it.
#include <cstring>
#include <limits>

#include "kernel/lib/integer_text.hpp"
#include "kernel/lib/module_text.hpp"

#include <linux/errno.h>
#include <linux/kstrtox.h>

namespace kloom::kernel {
namespace {

// The magnitude of a text that is a number as a whole: 0, -EINVAL or -ERANGE.
int parse_whole(std::string_view text, unsigned base, uint64_t& value) {
    const ParsedInteger parsed = parse_integer(text, base);
    if (parsed.has_overflown) return -ERANGE;
    if (parsed.digits == 0) return -EINVAL;
    const std::string_view rest = text.substr(parsed.size);
    if (!rest.empty() && rest != "\n") return -EINVAL;
    value = parsed.value;
    return 0;
}

int parse_unsigned(std::string_view text, unsigned base, uint64_t& value) {
    if (text.starts_with('+')) text.remove_prefix(1);
    return parse_whole(text, base, value);
}

int parse_signed(std::string_view text, unsigned base, int64_t& value) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) text.remove_prefix(1);
    uint64_t magnitude = 0;
    if (const int error = parse_whole(text, base, magnitude)) return error;
    constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
    if (magnitude > (is_negative ? kMax + 1 : kMax)) return -ERANGE;
    value = static_cast<int64_t>(is_negative ? 0 - magnitude : magnitude);
    return 0;
}

template <class T>
int store(T* result, T value) {
    note_write(result, sizeof *result);
    *result = value;
    return 0;
}

// One of the strict functions: the number must fit T, or nothing is stored.
template <class T>
int convert(const char* text, unsigned base, T* result) {
    if constexpr (std::numeric_limits<T>::is_signed) {
        int64_t value = 0;
        if (const int error = parse_signed(module_text(text), base, value)) return error;
        if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max())
            return -ERANGE;
        return store(result, static_cast<T>(value));
    } else {
        uint64_t value = 0;
        if (const int error = parse_unsigned(module_text(text), base, value)) return error;
        if (value > std::numeric_limits<T>::max()) return -ERANGE;
        return store(result, static_cast<T>(value));
    }
}

uint64_t convert_forgiving(const char* text, char** end, unsigned base, bool may_be_negative) {
    const std::string_view all = module_text(text);
    const bool is_negative = may_be_negative && all.starts_with('-');
    const ParsedInteger parsed = parse_integer(all.substr(is_negative ? 1 : 0), base);
    if (end != nullptr) store(end, const_cast<char*>(text) + (parsed.size + (is_negative ? 1 : 0)));
    return is_negative ? 0 - parsed.value : parsed.value;
}

// -1: neither.
int parse_truth(std::string_view text) {
    if (text.empty()) return -1;
    switch (text[0]) {
        case 'y':
        case 'Y':
        case 't':
        case 'T':
        case '1':
            return 1;
        case 'n':
        case 'N':
        case 'f':
        case 'F':
        case '0':
            return 0;
        case 'o':
        case 'O':
            break;
        default:
            return -1;
    }
    if (text.size() < 2) return -1;
    if (text[1] == 'n' || text[1] == 'N') return 1;
    return text[1] == 'f' || text[1] == 'F' ? 0 : -1;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" int kstrtoull(const char* s, unsigned int base, unsigned long long* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtoll(const char* s, unsigned int base, long long* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtoul(const char* s, unsigned int base, unsigned long* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtol(const char* s, unsigned int base, long* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtouint(const char* s, unsigned int base, unsigned int* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtoint(const char* s, unsigned int base, int* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtou16(const char* s, unsigned int base, u16* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtos16(const char* s, unsigned int base, s16* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtou8(const char* s, unsigned int base, u8* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtos8(const char* s, unsigned int base, s8* res) {
    KLOOM_API();
    return convert(s, base, res);
}

extern "C" int kstrtobool(const char* s, bool* res) {
    KLOOM_API();
    if (s == nullptr) return -EINVAL;
    const int truth = parse_truth(module_text(s));
    return truth < 0 ? -EINVAL : store(res, truth == 1);
}

extern "C" unsigned long simple_strtoul(const char* cp, char** endp, unsigned int base) {
    KLOOM_API();
    return convert_forgiving(cp, endp, base, false);
}

extern "C" long simple_strtol(const char* cp, char** endp, unsigned int base) {
    KLOOM_API();
    return static_cast<long>(convert_forgiving(cp, endp, base, true));
}

extern "C" unsigned long long simple_strtoull(const char* cp, char** endp, unsigned int base) {
    KLOOM_API();
    return convert_forgiving(cp, endp, base, false);
}

extern "C" long long simple_strtoll(const char* cp, char** endp, unsigned int base) {
    KLOOM_API();
    return static_cast<long long>(convert_forgiving(cp, endp, base, true));
}
