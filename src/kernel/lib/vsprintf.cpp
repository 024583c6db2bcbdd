// vsnprintf() and its family. The format is parsed once, conversion by conversion; numbers and
// texts are written here, the many forms of %p in format_pointer.cpp.
#include <climits>
#include <cstring>

#include "kernel/lib/format.hpp"
#include "kernel/lib/format_spec.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/sprintf.h>

namespace kloom::kernel {
namespace {

constexpr uintptr_t kFirstValidAddress = 4096;
constexpr uintptr_t kLastValidAddress = static_cast<uintptr_t>(-4096);
constexpr int kFieldWidthMax = (1 << 23) - 1;
constexpr int kPrecisionMax = (1 << 15) - 1;

// The size of an integer argument, named by the letters before the conversion.
enum class ArgumentSize { Char, Short, Int, Long, LongLong, Size, Pointer };

// Parses the conversion behind a '%'.
class ConversionParser {
  public:
    ConversionParser(const char* format, FormatArguments& arguments)
        : next_(format), arguments_(arguments) {}

    FormatSpec spec;
    ArgumentSize size = ArgumentSize::Int;

    // Everything up to the letter of the conversion, which is returned.
    char parse() {
        parse_flags();
        spec.width = parse_count();
        if (spec.width < -1) {  // a negative argument for '*'
            spec.is_left = true;
            spec.width = -spec.width;
        }
        spec.width = std::min(spec.width, kFieldWidthMax);
        if (*next_ == '.') {
            ++next_;
            spec.precision = std::clamp(parse_count(), 0, kPrecisionMax);
        }
        parse_size();
        return *next_;
    }

    const char* position() const { return next_; }

  private:
    void parse_flags() {
        for (;; ++next_) {
            switch (*next_) {
                case '-':
                    spec.is_left = true;
                    break;
                case '+':
                    spec.shows_plus = true;
                    break;
                case ' ':
                    spec.shows_space = true;
                    break;
                case '#':
                    spec.is_alternate = true;
                    break;
                case '0':
                    spec.pads_with_zero = true;
                    break;
                default:
                    return;
            }
        }
    }

    // -1 when there is no number.
    int parse_count() {
        if (*next_ == '*') {
            ++next_;
            return va_arg(arguments_.list, int);
        }
        if (*next_ < '0' || *next_ > '9') return -1;
        int count = 0;
        for (; *next_ >= '0' && *next_ <= '9'; ++next_)
            count = std::min(count * 10 + (*next_ - '0'), kFieldWidthMax);
        return count;
    }

    void parse_size() {
        switch (*next_) {
            case 'h':
                size = *++next_ == 'h' ? (++next_, ArgumentSize::Char) : ArgumentSize::Short;
                break;
            case 'l':
                size = *++next_ == 'l' ? (++next_, ArgumentSize::LongLong) : ArgumentSize::Long;
                break;
            case 'L':
                size = ArgumentSize::LongLong;
                ++next_;
                break;
            case 'z':
            case 'Z':
                size = ArgumentSize::Size;
                ++next_;
                break;
            case 't':
                size = ArgumentSize::Pointer;
                ++next_;
                break;
            default:
                break;
        }
    }

    const char* next_;
    FormatArguments& arguments_;
};

uint64_t take_number(FormatArguments& arguments, ArgumentSize size, bool is_signed) {
    switch (size) {
        case ArgumentSize::LongLong:
        case ArgumentSize::Long:
        case ArgumentSize::Size:
        case ArgumentSize::Pointer:
            return va_arg(arguments.list, uint64_t);
        case ArgumentSize::Char: {
            const int value = va_arg(arguments.list, int);
            return is_signed ? static_cast<uint64_t>(static_cast<signed char>(value))
                             : static_cast<unsigned char>(value);
        }
        case ArgumentSize::Short: {
            const int value = va_arg(arguments.list, int);
            return is_signed ? static_cast<uint64_t>(static_cast<short>(value))
                             : static_cast<unsigned short>(value);
        }
        case ArgumentSize::Int:
            break;
    }
    const int value = va_arg(arguments.list, int);
    return is_signed ? static_cast<uint64_t>(static_cast<int64_t>(value))
                     : static_cast<unsigned>(value);
}

void write_character(TextWriter& out, char c, const FormatSpec& spec) {
    if (!spec.is_left) out.fill(' ', spec.width - 1);
    out.put(c);
    if (spec.is_left) out.fill(' ', spec.width - 1);
}

// What follows a %p belongs to it.
const char* skip_pointer_extension(const char* format) {
    while ((*format >= '0' && *format <= '9') || (*format >= 'a' && *format <= 'z') ||
           (*format >= 'A' && *format <= 'Z'))
        ++format;
    return format;
}

// Writes one conversion. `format` points behind the '%'; returns where the format goes on, or
// nullptr to stop.
const char* write_conversion(TextWriter& out, const char* format, FormatArguments& arguments) {
    ConversionParser parser(format, arguments);
    const char conversion = parser.parse();
    FormatSpec& spec = parser.spec;
    const char* const behind = parser.position() + 1;
    switch (conversion) {
        case '%':
            out.put('%');
            return behind;
        case 'c':
            write_character(out, static_cast<char>(va_arg(arguments.list, int)), spec);
            return behind;
        case 's':
            write_module_text(out, va_arg(arguments.list, const char*), spec);
            return behind;
        case 'p':
            write_pointer(out, behind, va_arg(arguments.list, const void*), spec);
            return skip_pointer_extension(behind);
        case 'o':
            spec.base = 8;
            break;
        case 'X':
            spec.is_upper = true;
            [[fallthrough]];
        case 'x':
            spec.base = 16;
            break;
        case 'd':
        case 'i':
            spec.is_signed = true;
            break;
        case 'u':
            break;
        default:
            // As the kernel does: what it does not know, %n among it, ends the text.
            if (format_hooks().on_unknown != nullptr) format_hooks().on_unknown(conversion);
            return nullptr;
    }
    write_number(out, take_number(arguments, parser.size, spec.is_signed), spec);
    return behind;
}

int write_to_module(char* buffer, size_t size, const char* format, va_list list) {
    if (size > INT_MAX) {
        kloom_warn("WARN_ON_ONCE(size > INT_MAX)", "lib/vsprintf.c", 0, nullptr);
        return 0;
    }
    FormatArguments arguments(list);
    TextWriter out(buffer, size, TextOwner::Module);
    write_format(out, format, arguments);
    return static_cast<int>(out.finish());
}

// The length that is in the buffer when the whole text has `length`.
int length_written(int length, size_t size) {
    if (size == 0) return 0;
    return static_cast<size_t>(length) < size ? length : static_cast<int>(size - 1);
}

}  // namespace

bool check_pointer(TextWriter& out, const void* pointer, const FormatSpec& spec) {
    const auto address = reinterpret_cast<uintptr_t>(pointer);
    if (address >= kFirstValidAddress && address < kLastValidAddress) return true;
    write_text(out, pointer == nullptr ? "(null)" : "(efault)", spec);
    return false;
}

// Linux pads with zeros even when a precision is given.
void write_number(TextWriter& out, uint64_t number, FormatSpec spec) {
    char sign = '\0';
    if (spec.is_signed) {
        if (static_cast<int64_t>(number) < 0) {
            sign = '-';
            number = 0 - number;
        } else if (spec.shows_plus) {
            sign = '+';
        } else if (spec.shows_space) {
            sign = ' ';
        }
    }
    const char* digits = spec.is_upper ? "0123456789ABCDEF" : "0123456789abcdef";
    const bool has_prefix_zero =
        spec.is_alternate && (spec.base == 16 || (spec.base == 8 && number != 0));
    const bool has_prefix_x = spec.is_alternate && spec.base == 16;

    char reversed[24];
    int count = 0;
    do {
        reversed[count++] = digits[number % spec.base];
        number /= spec.base;
    } while (number != 0);

    const int precision = std::max(spec.precision, count);
    const int padding = spec.width - precision - (sign != '\0') - has_prefix_zero - has_prefix_x;
    const bool pads_with_zero = spec.pads_with_zero && !spec.is_left;
    if (!spec.is_left && !pads_with_zero) out.fill(' ', padding);
    if (sign != '\0') out.put(sign);
    if (has_prefix_zero) out.put('0');
    if (has_prefix_x) out.put(spec.is_upper ? 'X' : 'x');
    if (pads_with_zero) out.fill('0', padding);
    out.fill('0', precision - count);
    while (count > 0) out.put(reversed[--count]);
    if (spec.is_left) out.fill(' ', padding);
}

void write_text(TextWriter& out, std::string_view text, const FormatSpec& spec) {
    if (spec.precision >= 0) text = text.substr(0, static_cast<size_t>(spec.precision));
    const int padding = spec.width - static_cast<int>(text.size());
    if (!spec.is_left) out.fill(' ', padding);
    out.put(text);
    if (spec.is_left) out.fill(' ', padding);
}

void write_module_text(TextWriter& out, const char* text, const FormatSpec& spec) {
    if (!check_pointer(out, text, spec)) return;
    const size_t length = spec.precision >= 0
                              ? module_strnlen(text, static_cast<size_t>(spec.precision))
                              : module_strlen(text);
    write_text(out, {text, length}, spec);
}

void write_format(TextWriter& out, const char* format, FormatArguments& arguments) {
    module_strlen(format);
    while (format != nullptr && *format != '\0') {
        if (*format == '%')
            format = write_conversion(out, format + 1, arguments);
        else
            out.put(*format++);
    }
}

int format_text(char* buffer, size_t size, const char* format, va_list list) {
    FormatArguments arguments(list);
    TextWriter out(buffer, size, TextOwner::Kernel);
    write_format(out, format, arguments);
    return static_cast<int>(out.finish());
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

// The length of the text is not known to sprintf(): the module must provide the room, and the
// machine sees where it did not.
extern "C" int kloom_vsprintf(char* buf, const char* fmt, va_list args) {
    KLOOM_API();
    return write_to_module(buf, INT_MAX, fmt, args);
}

extern "C" int kloom_sprintf(char* buf, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    const int length = write_to_module(buf, INT_MAX, fmt, args);
    va_end(args);
    return length;
}

extern "C" int kloom_vsnprintf(char* buf, size_t size, const char* fmt, va_list args) {
    KLOOM_API();
    return write_to_module(buf, size, fmt, args);
}

extern "C" int kloom_snprintf(char* buf, size_t size, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    const int length = write_to_module(buf, size, fmt, args);
    va_end(args);
    return length;
}

extern "C" int vscnprintf(char* buf, size_t size, const char* fmt, va_list args) {
    KLOOM_API();
    return length_written(write_to_module(buf, size, fmt, args), size);
}

extern "C" int scnprintf(char* buf, size_t size, const char* fmt, ...) {
    KLOOM_API();
    va_list args;
    va_start(args, fmt);
    const int length = write_to_module(buf, size, fmt, args);
    va_end(args);
    return length_written(length, size);
}

extern "C" int num_to_str(char* buf, int size, unsigned long long num, unsigned int width) {
    KLOOM_API();
    if (size < 0) return 0;
    TextWriter count(nullptr, 0, TextOwner::Kernel);
    FormatSpec spec;
    spec.width = static_cast<int>(std::min(width, 31u));
    write_number(count, num, spec);
    const auto length = static_cast<int>(count.finish());
    if (length > size) return 0;

    char text[32];
    TextWriter out(text, sizeof text, TextOwner::Kernel);
    write_number(out, num, spec);
    out.finish();
    note_write(buf, static_cast<size_t>(length));  // no null byte
    std::memcpy(buf, text, static_cast<size_t>(length));
    return length;
}
