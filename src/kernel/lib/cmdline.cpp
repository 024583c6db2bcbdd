// Options of command lines: numbers, ranges, sizes with a suffix, and "name=value" words.
#include <cstring>

#include "kernel/lib/integer_text.hpp"
#include "kernel/lib/module_text.hpp"

#include <linux/kernel.h>

namespace kloom::kernel {
namespace {

bool is_space(char c) {
    return (c >= '\t' && c <= '\r') || c == ' ';
}

// How many powers of 1024 the letter stands for; -1: none.
int suffix_power(char c) {
    static constexpr char kSuffixes[] = "KMGTPE";
    const char upper = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    const char* found = upper != '\0' ? std::strchr(kSuffixes, upper) : nullptr;
    return found != nullptr ? static_cast<int>(found - kSuffixes) + 1 : -1;
}

int64_t parse_signed_integer(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    const auto value =
        static_cast<int64_t>(parse_integer(text.substr(is_negative ? 1 : 0), 0).value);
    return is_negative ? -value : value;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

// 0: no number; 1: a number; 2: a number and a comma, which is skipped; 3: a hyphen, which stays.
// What cannot be read is 0, and is stored; a sign alone is taken all the same.
extern "C" int get_option(char** str, int* pint) {
    KLOOM_API();
    char* text = *str;
    if (text == nullptr) return 0;
    const std::string_view all = module_text(text);
    if (all.empty()) return 0;
    const size_t sign_size = all[0] == '-' ? 1 : 0;
    const ParsedInteger parsed = parse_integer(all.substr(sign_size), 0);
    const int value = static_cast<int>(parsed.value);
    if (pint != nullptr) {
        note_write(pint, sizeof *pint);
        *pint = sign_size > 0 ? -value : value;
    }
    *str = text += sign_size + parsed.size;
    if (parsed.size == 0) return 0;
    if (*text == ',') ++*str;
    return *text == ',' ? 2 : *text == '-' ? 3 : 1;
}

// Fills in a range up to, but without, its last number, which is the next option. How many numbers
// that are, also when they do not fit into the `room` places; negative when the range runs
// backwards.
static int take_range(char** str, int* first, int room) {
    ++*str;
    const int last = static_cast<int>(parse_signed_integer(module_text(*str)));
    const int count = last - *first;
    for (int i = 1; i < count && i < room; ++i) {
        note_write(first + i, sizeof *first);
        first[i] = *first + i;
    }
    return count;
}

// ints[0] becomes the number of the others; the result is where the numbers end. `nints` of 0 only
// counts.
extern "C" char* get_options(const char* str, int nints, int* ints) {
    KLOOM_API();
    const bool is_counting = nints == 0;
    auto* text = const_cast<char*>(str);
    int count = 1;
    while (is_counting || count < nints) {
        int* const place = is_counting ? ints : ints + count;
        const int kind = get_option(&text, place);
        if (kind == 0) break;
        if (kind == 3) {
            const int range = take_range(&text, place, is_counting ? 0 : nints - count);
            if (range < 0) break;
            count += range - 1;
        }
        ++count;
        if (kind == 1) break;
    }
    note_write(ints, sizeof *ints);
    ints[0] = count - 1;
    return text;
}

extern "C" unsigned long long memparse(const char* ptr, char** retptr) {
    KLOOM_API();
    const std::string_view text = module_text(ptr);
    const ParsedInteger parsed = parse_integer(text, 0);
    const char* end = ptr + parsed.size;
    uint64_t value = parsed.value;
    if (const int power = suffix_power(*end); power > 0) {
        value <<= 10 * power;
        ++end;
    }
    if (retptr != nullptr) *retptr = const_cast<char*>(end);
    return value;
}

// Whether `option` is one of the words that commas separate.
extern "C" bool parse_option_str(const char* str, const char* option) {
    KLOOM_API();
    const std::string_view wanted = module_text(option);
    std::string_view rest = module_text(str);
    while (!rest.empty()) {
        const size_t end = std::min(rest.find(','), rest.size());
        if (rest.substr(0, end) == wanted) return true;
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return false;
}

// Splits the first word off: *param and *val (NULL without '=') become its parts, quotes removed.
extern "C" char* next_arg(char* args, char** param, char** val) {
    KLOOM_API();
    const std::string_view all = module_text(args);
    note_write(args, all.size() + 1);
    bool is_quoted = *args == '"';
    const bool starts_quoted = is_quoted;
    if (is_quoted) ++args;

    char* equals = nullptr;
    char* end = args;
    for (; *end != '\0'; ++end) {
        if (is_space(*end) && !is_quoted) break;
        if (equals == nullptr && *end == '=') equals = end;
        if (*end == '"') is_quoted = !is_quoted;
    }
    char* const next = *end != '\0' ? end + 1 : end;
    *param = args;
    *val = nullptr;
    if (equals != nullptr) {
        *equals = '\0';
        *val = equals + 1;
        if (**val == '"') {
            ++*val;
            if (end[-1] == '"') end[-1] = '\0';
        }
    }
    if (starts_quoted && end > args && end[-1] == '"') end[-1] = '\0';
    *end = '\0';
    char* rest = next;
    while (is_space(*rest)) ++rest;
    return rest;
}
