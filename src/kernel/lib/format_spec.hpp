// One conversion of a format, and the writers of its kinds; shared by vsprintf.cpp,
// format_pointer.cpp and format_objects.cpp.
#pragma once

#include <cstdarg>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "kernel/lib/text_writer.hpp"

namespace kloom::kernel {

struct FormatSpec {
    bool is_left = false;         // '-'
    bool shows_plus = false;      // '+'
    bool shows_space = false;     // ' '
    bool is_alternate = false;    // '#'
    bool pads_with_zero = false;  // '0'
    bool is_upper = false;
    bool is_signed = false;
    uint8_t base = 10;
    int width = -1;
    int precision = -1;
};

// A copy of an argument list that functions can share.
struct FormatArguments {
    va_list list;
    explicit FormatArguments(va_list arguments) { va_copy(list, arguments); }
    ~FormatArguments() { va_end(list); }
    FormatArguments(const FormatArguments&) = delete;
    FormatArguments& operator=(const FormatArguments&) = delete;
};

// Two's complement: `number` holds a signed value when the conversion is signed.
void write_number(TextWriter& out, uint64_t number, FormatSpec spec);
// Text of kernel memory, cut to the precision and padded to the width.
void write_text(TextWriter& out, std::string_view text, const FormatSpec& spec);
// Text of the module, or "(null)" and "(efault)" in place of pointers that are none.
void write_module_text(TextWriter& out, const char* text, const FormatSpec& spec);
// The conversion %p with what follows it: `extension` points behind the p.
void write_pointer(TextWriter& out, const char* extension, const void* pointer, FormatSpec spec);
// Some of its forms. %*pE: what cannot be printed becomes an escape sequence; the width is the
// number of bytes.
void write_escaped(TextWriter& out, const char* extension, const void* pointer,
                   const FormatSpec& spec);
// %pr and %pR: a struct resource.
void write_resource(TextWriter& out, const char* extension, const void* pointer,
                    const FormatSpec& spec);
// %pGg, %pGv: the names of flags. False for a kind that is not known.
bool write_flags(TextWriter& out, const char* extension, const void* pointer,
                 const FormatSpec& spec);
// The format with its arguments.
void write_format(TextWriter& out, const char* format, FormatArguments& arguments);

// Writes "(null)" or "(efault)" and returns false when the pointer cannot be followed.
bool check_pointer(TextWriter& out, const void* pointer, const FormatSpec& spec);

}  // namespace kloom::kernel
