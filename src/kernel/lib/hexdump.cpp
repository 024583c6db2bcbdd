// Bytes as hexadecimal text: single digits, lines, and whole dumps through the log.
#include <algorithm>
#include <cstring>

#include "kernel/lib/format_spec.hpp"
#include "kernel/module_access.hpp"

#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/printk.h>

namespace kloom::kernel {
namespace {

constexpr int kRowMax = 32;

int normal_row(int row_size) {
    return row_size == 16 || row_size == 32 ? row_size : 16;
}

// A group is 1, 2, 4 or 8 bytes, and the line is a whole number of groups.
int normal_group(int group_size, size_t length) {
    const bool is_power = group_size == 2 || group_size == 4 || group_size == 8;
    return is_power && length % static_cast<size_t>(group_size) == 0 ? group_size : 1;
}

// One line: the groups as little-endian numbers, then, from a fixed column on, the characters.
void write_line(TextWriter& out, const unsigned char* bytes, size_t length, int row_size,
                int group_size, bool ascii) {
    if (length == 0) return;
    int column = 0;
    FormatSpec hex;
    hex.base = 16;
    hex.pads_with_zero = true;
    hex.width = 2 * group_size;
    for (size_t begin = 0; begin < length; begin += static_cast<size_t>(group_size)) {
        uint64_t number = 0;
        std::memcpy(&number, bytes + begin, static_cast<size_t>(group_size));
        if (begin > 0) out.put(' ');
        write_number(out, number, hex);
        column += 2 * group_size + (begin > 0 ? 1 : 0);
    }
    if (!ascii) return;
    const int ascii_column = row_size * 2 + row_size / group_size + 1;
    out.fill(' ', ascii_column - column);
    for (size_t i = 0; i < length; ++i)
        out.put(bytes[i] >= 0x20 && bytes[i] < 0x7f ? static_cast<char>(bytes[i]) : '.');
}

int digit_of(unsigned char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const auto lower = static_cast<unsigned char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" const char hex_asc[] = "0123456789abcdef";
extern "C" const char hex_asc_upper[] = "0123456789ABCDEF";

extern "C" int hex_to_bin(unsigned char ch) {
    return digit_of(ch);
}

extern "C" int hex2bin(u8* dst, const char* src, size_t count) {
    KLOOM_API();
    note_read(src, 2 * count);
    note_write(dst, count);
    for (size_t i = 0; i < count; ++i) {
        const int high = digit_of(static_cast<unsigned char>(src[2 * i]));
        const int low = high < 0 ? -1 : digit_of(static_cast<unsigned char>(src[2 * i + 1]));
        if (low < 0) return -EINVAL;
        dst[i] = static_cast<u8>(high << 4 | low);
    }
    return 0;
}

extern "C" char* bin2hex(char* dst, const void* src, size_t count) {
    KLOOM_API();
    const auto* bytes = static_cast<const unsigned char*>(src);
    note_read(src, count);
    note_write(dst, 2 * count);
    for (size_t i = 0; i < count; ++i) {
        *dst++ = hex_asc[bytes[i] >> 4];
        *dst++ = hex_asc[bytes[i] & 0xf];
    }
    return dst;
}

// Returns the length of the whole line, as snprintf() does.
extern "C" int hex_dump_to_buffer(const void* buf, size_t len, int rowsize, int groupsize,
                                  char* linebuf, size_t linebuflen, bool ascii) {
    KLOOM_API();
    rowsize = normal_row(rowsize);
    len = std::min(len, static_cast<size_t>(rowsize));
    groupsize = normal_group(groupsize, len);
    note_read(buf, len);
    TextWriter out(linebuf, linebuflen, TextOwner::Module);
    write_line(out, static_cast<const unsigned char*>(buf), len, rowsize, groupsize, ascii);
    return static_cast<int>(out.finish());
}

extern "C" void print_hex_dump(const char* level, const char* prefix_str, int prefix_type,
                               int rowsize, int groupsize, const void* buf, size_t len,
                               bool ascii) {
    KLOOM_API();
    rowsize = normal_row(rowsize);
    const auto* bytes = static_cast<const unsigned char*>(buf);
    for (size_t offset = 0; offset < len; offset += static_cast<size_t>(rowsize)) {
        const size_t length = std::min(len - offset, static_cast<size_t>(rowsize));
        char line[kRowMax * 3 + 2 + kRowMax + 1];
        note_read(bytes + offset, length);
        TextWriter out(line, sizeof line, TextOwner::Kernel);
        write_line(out, bytes + offset, length, rowsize, normal_group(groupsize, length), ascii);
        out.finish();
        switch (prefix_type) {
            case DUMP_PREFIX_ADDRESS:
                printk("%s%s%p: %s\n", level, prefix_str, bytes + offset, line);
                break;
            case DUMP_PREFIX_OFFSET:
                printk("%s%s%.8x: %s\n", level, prefix_str, static_cast<unsigned>(offset), line);
                break;
            default:
                printk("%s%s%s\n", level, prefix_str, line);
                break;
        }
    }
}
