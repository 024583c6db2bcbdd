// sscanf() as the kernel has it: no floating point, no end-of-file result (an empty text gives 0),
// and %[ needs a width.
#include <algorithm>
#include <array>
#include <climits>
#include <cstring>

#include "kernel/lib/integer_text.hpp"
#include "kernel/lib/module_text.hpp"

#include <linux/sprintf.h>

namespace kloom::kernel {
namespace {

bool is_space(char c) {
    return (c >= '\t' && c <= '\r') || c == ' ' || static_cast<unsigned char>(c) == 0xa0;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_hex_digit(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

struct Conversion {
    bool is_suppressed = false;  // '*'
    int width = -1;
    size_t size = sizeof(int);  // of the variable that takes the number
    char letter = '\0';
};

class Scanner {
  public:
    Scanner(std::string_view input, const char* format, va_list arguments)
        : input_(input), format_(format) {
        va_copy(arguments_, arguments);
    }
    ~Scanner() { va_end(arguments_); }

    // The number of conversions that were stored.
    int scan() {
        while (*format_ != '\0') {
            if (is_space(*format_)) {
                while (is_space(*format_)) ++format_;
                skip_input_spaces();
            } else if (*format_ == '%') {
                ++format_;
                if (!scan_conversion()) break;
            } else if (!take_character(*format_++)) {
                break;
            }
        }
        return stored_;
    }

  private:
    bool at_end() const { return position_ == input_.size(); }
    std::string_view rest() const { return input_.substr(position_); }

    void skip_input_spaces() {
        while (!at_end() && is_space(input_[position_])) ++position_;
    }

    bool take_character(char c) {
        if (at_end() || input_[position_] != c) return false;
        ++position_;
        return true;
    }

    Conversion parse_conversion() {
        Conversion conversion;
        if (*format_ == '*') {
            conversion.is_suppressed = true;
            ++format_;
        }
        if (is_digit(*format_)) {
            conversion.width = 0;
            for (; is_digit(*format_); ++format_)
                conversion.width = std::min(conversion.width * 10 + (*format_ - '0'), SHRT_MAX);
        }
        if (*format_ == 'h') {
            conversion.size = *++format_ == 'h' ? (++format_, sizeof(char)) : sizeof(short);
        } else if (*format_ == 'l') {
            conversion.size = sizeof(long);
            if (*++format_ == 'l') ++format_;
        } else if (*format_ == 'L' || *format_ == 'z' || *format_ == 'Z') {
            conversion.size = sizeof(long);
            ++format_;
        }
        conversion.letter = *format_;
        if (*format_ != '\0') ++format_;
        return conversion;
    }

    // False when scanning ends here.
    bool scan_conversion() {
        const Conversion conversion = parse_conversion();
        switch (conversion.letter) {
            case '%':
                return take_character('%');
            case 'n':
                return store_position(conversion);
            case 'c':
                return scan_characters(conversion);
            case 's':
                return scan_word(conversion);
            case '[':
                return scan_set(conversion);
            case 'd':
                return scan_number(conversion, 10, true);
            case 'i':
                return scan_number(conversion, 0, true);
            case 'u':
                return scan_number(conversion, 10, false);
            case 'o':
                return scan_number(conversion, 8, false);
            case 'x':
            case 'X':
            case 'p':
                return scan_number(conversion, 16, false);
            default:
                return false;
        }
    }

    bool store_position(const Conversion& conversion) {
        if (!conversion.is_suppressed) store_number(position_, sizeof(int));
        return true;
    }

    bool scan_characters(const Conversion& conversion) {
        const size_t count = conversion.width < 0 ? 1 : static_cast<size_t>(conversion.width);
        if (at_end()) return false;
        const size_t taken = std::min(count, rest().size());
        store_text(conversion, taken, EndsWithNull::No);
        return true;
    }

    bool scan_word(const Conversion& conversion) {
        if (at_end()) return false;
        skip_input_spaces();  // a word may be empty when only they are left
        const size_t limit =
            conversion.width < 0 ? SHRT_MAX : static_cast<size_t>(conversion.width);
        size_t size = 0;
        while (size < std::min(limit, rest().size()) && !is_space(rest()[size])) ++size;
        store_text(conversion, size, EndsWithNull::Yes);
        return true;
    }

    // %5[abc], %5[^abc]; there are no ranges.
    bool scan_set(const Conversion& conversion) {
        std::array<bool, 256> is_member{};
        const bool is_inverted = *format_ == '^';
        if (is_inverted) ++format_;
        if (conversion.width < 0 || *format_ == '\0') return false;
        do {
            is_member[static_cast<unsigned char>(*format_++)] = true;
        } while (*format_ != ']' && *format_ != '\0');
        if (*format_ == '\0') return false;
        ++format_;

        size_t size = 0;
        const size_t limit = std::min(static_cast<size_t>(conversion.width), rest().size());
        while (size < limit && is_member[static_cast<unsigned char>(rest()[size])] != is_inverted)
            ++size;
        if (size == 0) return false;
        store_text(conversion, size, EndsWithNull::Yes);
        return true;
    }

    bool scan_number(const Conversion& conversion, unsigned base, bool may_be_negative) {
        skip_input_spaces();
        std::string_view text = rest();
        size_t limit =
            conversion.width >= 0 ? static_cast<size_t>(conversion.width) : std::string_view::npos;
        const bool is_negative = may_be_negative && text.starts_with('-');
        if (is_negative && limit == 1) return false;
        if (is_negative) {
            text.remove_prefix(1);
            if (limit != std::string_view::npos) --limit;
        }
        if (text.empty()) return false;
        const bool starts_number = base == 16  ? is_hex_digit(text[0])
                                   : base == 8 ? is_digit(text[0]) && text[0] < '8'
                                               : is_digit(text[0]);
        if (!starts_number) return false;
        const ParsedInteger parsed = parse_integer(text, base, limit);
        position_ += parsed.size + (is_negative ? 1 : 0);
        if (!conversion.is_suppressed) {
            store_number(is_negative ? 0 - parsed.value : parsed.value, conversion.size);
            ++stored_;
        }
        return true;
    }

    void store_number(uint64_t value, size_t size) {
        void* target = va_arg(arguments_, void*);
        note_write(target, size);
        std::memcpy(target, &value, size);  // little-endian: the low bytes come first
    }

    enum class EndsWithNull { No, Yes };

    // Moves `size` characters of the input to the next argument.
    void store_text(const Conversion& conversion, size_t size, EndsWithNull ends) {
        const std::string_view text = rest().substr(0, size);
        position_ += size;
        if (conversion.is_suppressed) return;
        char* target = va_arg(arguments_, char*);
        note_write(target, size + (ends == EndsWithNull::Yes ? 1 : 0));
        std::memmove(target, text.data(), size);
        if (ends == EndsWithNull::Yes) target[size] = '\0';
        ++stored_;
    }

    std::string_view input_;
    size_t position_ = 0;
    const char* format_;
    va_list arguments_;
    int stored_ = 0;
};

int scan_text(const char* text, const char* format, va_list arguments) {
    module_strlen(format);
    return Scanner(module_text(text), format, arguments).scan();
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" int kloom_vsscanf(const char* buf, const char* fmt, va_list args) {
    KLOOM_API();
    return scan_text(buf, fmt, args);
}

extern "C" int kloom_sscanf(const char* buf, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    const int stored = scan_text(buf, fmt, args);
    va_end(args);
    return stored;
}
