// The forms of %p: what the letters behind it say about the memory that the pointer points to.
// Every read of that memory is reported to the machine. A form that is not known prints the pointer
// as %p does, as Linux does.
#include <array>
#include <climits>
#include <cstdint>
#include <cstring>

#include "kernel/lib/bit_list.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/lib/format_spec.hpp"
#include "kernel/module_access.hpp"

#include <linux/dcache.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/printk.h>
#include <linux/rtc.h>
#include <linux/time64.h>
#include <linux/uuid.h>

namespace kloom::kernel {
namespace {

constexpr int kPointerDigits = 2 * sizeof(void*);
constexpr int kHexStringMax = 64;
constexpr int kDentryDepthMax = 4;

template <class T>
T read_module(const void* address) {
    note_read(address, sizeof(T));
    T value;
    std::memcpy(&value, address, sizeof value);
    return value;
}

void write_hex(TextWriter& out, uint64_t number, int digits, bool is_upper = false) {
    FormatSpec spec;
    spec.base = 16;
    spec.is_upper = is_upper;
    spec.pads_with_zero = true;
    spec.width = digits;
    write_number(out, number, spec);
}

void write_decimal(TextWriter& out, uint64_t number, int digits = -1) {
    FormatSpec spec;
    spec.pads_with_zero = true;
    spec.width = digits;
    write_number(out, number, spec);
}

// The address itself, in 16 digits unless a width was given.
void write_address(TextWriter& out, uintptr_t address, FormatSpec spec) {
    spec.base = 16;
    if (spec.width == -1) {
        spec.width = kPointerDigits;
        spec.pads_with_zero = true;
    }
    write_number(out, address, spec);
}

// Like Linux, %p prints not the address but 32 bits of a hash of it; here the hash is the same in
// every run.
void write_hashed_address(TextWriter& out, const void* pointer, const FormatSpec& spec) {
    auto address = reinterpret_cast<uintptr_t>(pointer);
    if (IS_ERR_OR_NULL(pointer)) {
        write_address(out, address, spec);
        return;
    }
    if (format_hooks().stable_address_of != nullptr)
        address = format_hooks().stable_address_of(address);
    uint64_t hash = address * 0x9e3779b97f4a7c15ull;  // splitmix64's finaliser spreads every bit
    hash = (hash ^ (hash >> 30)) * 0xbf58476d1ce4e5b9ull;
    hash = (hash ^ (hash >> 27)) * 0x94d049bb133111ebull;
    write_address(out, static_cast<uint32_t>(hash ^ (hash >> 31)), spec);
}

// A short text that is padded as a whole.
struct PaddedText {
    char text[256];
    TextWriter writer{text, sizeof text, TextOwner::Kernel};

    void write(TextWriter& out, const FormatSpec& spec) {
        writer.finish();
        write_text(out, text, spec);
    }
};

// %pS "name+0x10/0x20 [module]", %ps "name [module]".
void write_symbol(TextWriter& out, const void* pointer, bool with_offset, const FormatSpec& spec) {
    SymbolName symbol;
    const auto address = reinterpret_cast<uintptr_t>(pointer);
    if (format_hooks().symbol_name_of == nullptr ||
        !format_hooks().symbol_name_of(address, symbol)) {
        FormatSpec plain = spec;
        plain.is_alternate = true;
        plain.base = 16;
        write_number(out, address, plain);
        return;
    }
    PaddedText text;
    TextWriter& line = text.writer;
    line.put(symbol.name);
    if (with_offset) {
        FormatSpec hex;
        hex.base = 16;
        hex.is_alternate = true;
        line.put('+');
        write_number(line, symbol.offset, hex);
        line.put('/');
        write_number(line, symbol.size, hex);
    }
    if (symbol.module != nullptr) {
        line.put(" [");
        line.put(symbol.module);
        line.put(']');
    }
    text.write(out, spec);
}

// %*ph: bytes in hexadecimal, with a blank, ':' (C), '-' (D) or nothing (N) between them.
void write_hex_string(TextWriter& out, const char* extension, const void* pointer,
                      const FormatSpec& spec) {
    if (spec.width == 0 || !check_pointer(out, pointer, spec)) return;
    const int count = spec.width > 0 ? std::min(spec.width, kHexStringMax) : 1;
    const char separator = extension[1] == 'C'   ? ':'
                           : extension[1] == 'D' ? '-'
                           : extension[1] == 'N' ? '\0'
                                                 : ' ';
    const auto* bytes = static_cast<const uint8_t*>(pointer);
    note_read(bytes, static_cast<size_t>(count));
    for (int i = 0; i < count; ++i) {
        if (i > 0 && separator != '\0') out.put(separator);
        write_hex(out, bytes[i], 2);
    }
}

// %*pb and %*pbl: the width is the number of bits.
void write_bitmap(TextWriter& out, const char* extension, const void* pointer,
                  const FormatSpec& spec) {
    const auto bits = static_cast<unsigned>(std::max(spec.width, 0));
    if (!check_pointer(out, pointer, spec)) return;
    const auto* words = static_cast<const unsigned long*>(pointer);
    note_read(words, (bits + 63) / 64 * sizeof *words);
    if (extension[1] == 'l')
        write_bit_list(out, words, bits);
    else
        write_bit_groups(out, words, bits);
}

// %pM 00:01:02:03:04:05; F puts '-' between the bytes, R reverses them, m puts nothing.
void write_mac_address(TextWriter& out, const char* extension, const void* pointer,
                       const FormatSpec& spec) {
    if (!check_pointer(out, pointer, spec)) return;
    const auto bytes = read_module<std::array<uint8_t, 6>>(pointer);
    const bool is_reversed = extension[1] == 'R';
    const char separator = extension[0] == 'm' ? '\0' : extension[1] == 'F' ? '-' : ':';
    PaddedText text;
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0 && separator != '\0') text.writer.put(separator);
        write_hex(text.writer, bytes[is_reversed ? bytes.size() - 1 - i : i], 2);
    }
    text.write(out, spec);
}

// %pI4 1.2.3.4, %pi4 001.002.003.004; h and l say that the first byte in memory is the last one of
// the address.
void write_ip4(TextWriter& out, const char* extension, const std::array<uint8_t, 4>& bytes) {
    const bool is_reversed = extension[2] == 'h' || extension[2] == 'l';
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0) out.put('.');
        write_decimal(out, bytes[is_reversed ? bytes.size() - 1 - i : i],
                      extension[0] == 'i' ? 3 : -1);
    }
}

// ::ffff:a.b.c.d, an address of version 4.
bool holds_ip4(const std::array<uint8_t, 16>& bytes) {
    for (size_t i = 0; i < 10; ++i)
        if (bytes[i] != 0) return false;
    return bytes[10] == 0xff && bytes[11] == 0xff;
}

// RFC 5952: the longest run of zero groups, at least two, becomes "::".
void write_ip6_compressed(TextWriter& out, const std::array<uint8_t, 16>& bytes) {
    if (holds_ip4(bytes)) {
        out.put("::ffff:");
        write_ip4(out, "I4", {bytes[12], bytes[13], bytes[14], bytes[15]});
        return;
    }
    std::array<unsigned, 8> groups;
    for (size_t i = 0; i < groups.size(); ++i) groups[i] = bytes[2 * i] << 8u | bytes[2 * i + 1];
    size_t best_begin = 0, best_size = 1;
    for (size_t begin = 0; begin < groups.size(); ++begin) {
        size_t end = begin;
        while (end < groups.size() && groups[end] == 0) ++end;
        if (end - begin > best_size) {
            best_begin = begin;
            best_size = end - begin;
        }
    }
    const bool is_compressed = best_size > 1;
    for (size_t i = 0; i < groups.size(); ++i) {
        if (is_compressed && i == best_begin) {
            out.put("::");
            i += best_size - 1;
            continue;
        }
        if (i > 0 && !(is_compressed && i == best_begin + best_size)) out.put(':');
        write_hex(out, groups[i], -1);
    }
}

void write_ip6(TextWriter& out, const char* extension, const std::array<uint8_t, 16>& bytes) {
    if (extension[0] == 'I' && extension[2] == 'c') {
        write_ip6_compressed(out, bytes);
        return;
    }
    for (size_t i = 0; i < bytes.size(); ++i) {
        if (i > 0 && i % 2 == 0 && extension[0] == 'I') out.put(':');
        write_hex(out, bytes[i], 2);
    }
}

void write_ip_address(TextWriter& out, const char* extension, const void* pointer,
                      const FormatSpec& spec) {
    if (extension[1] != '4' && extension[1] != '6') {
        write_hashed_address(out, pointer, spec);
        return;
    }
    if (!check_pointer(out, pointer, spec)) return;
    PaddedText text;
    if (extension[1] == '4') {
        write_ip4(text.writer, extension, read_module<std::array<uint8_t, 4>>(pointer));
        text.write(out, spec);
        return;
    }
    write_ip6(text.writer, extension, read_module<std::array<uint8_t, 16>>(pointer));
    text.write(out, spec);
}

// %pUb and %pUl; capitals give capital digits.
void write_uuid(TextWriter& out, const char* extension, const void* pointer,
                const FormatSpec& spec) {
    if (!check_pointer(out, pointer, spec)) return;
    const auto bytes = read_module<std::array<uint8_t, UUID_SIZE>>(pointer);
    const char form = extension[1];
    const u8* index = form == 'l' || form == 'L' ? guid_index : uuid_index;
    for (size_t i = 0; i < bytes.size(); ++i) {
        write_hex(out, bytes[index[i]], 2, form == 'B' || form == 'L');
        if (i == 3 || i == 5 || i == 7 || i == 9) out.put('-');
    }
}

// %pd NAME, %pd2 to %pd4 with as many parent folders; the root of a file system has a name only
// when it is meant itself.
void write_dentry(TextWriter& out, const struct dentry* dentry, char depth_digit,
                  const FormatSpec& spec) {
    if (!check_pointer(out, dentry, spec)) return;
    const int depth_max = depth_digit >= '2' && depth_digit <= '4' ? depth_digit - '0' : 1;
    std::array<const char*, kDentryDepthMax> names;
    int depth = 0;
    for (bool is_root = false; depth < depth_max && !is_root; ++depth) {
        note_read(dentry, sizeof *dentry);
        is_root = dentry->d_parent == dentry || dentry->d_parent == nullptr;
        const auto* name = reinterpret_cast<const char*>(dentry->d_name.name);
        names[static_cast<size_t>(depth)] = is_root && depth > 0 ? "" : name;
        dentry = dentry->d_parent;
    }
    PaddedText text;
    while (depth > 0) {
        const char* name = names[static_cast<size_t>(--depth)];
        if (*name != '\0') write_module_text(text.writer, name, {});
        if (depth > 0) text.writer.put('/');
    }
    text.write(out, spec);
}

void write_file(TextWriter& out, const struct file* file, char depth_digit,
                const FormatSpec& spec) {
    if (!check_pointer(out, file, spec)) return;
    note_read(&file->f_path, sizeof file->f_path);
    write_dentry(out, file->f_path.dentry, depth_digit, spec);
}

// The letters behind %ptR and %ptT: only the date (d) or the time (t), raw months and years (r), a
// blank between (s).
struct TimeStyle {
    bool shows_date = true, shows_time = true, is_raw = false;
    char separator = 'T';
};

TimeStyle parse_time_style(const char* letters) {
    TimeStyle style;
    if (*letters == 'd') style.shows_time = false;
    if (*letters == 't') style.shows_date = false;
    if (*letters == 'd' || *letters == 't') ++letters;
    for (; *letters == 'r' || *letters == 's'; ++letters) {
        if (*letters == 'r') style.is_raw = true;
        if (*letters == 's') style.separator = ' ';
    }
    return style;
}

void write_time(TextWriter& out, const struct rtc_time& time, const TimeStyle& style) {
    if (style.shows_date) {
        write_decimal(out, static_cast<unsigned>(time.tm_year + (style.is_raw ? 0 : 1900)), 4);
        out.put('-');
        write_decimal(out, static_cast<unsigned>(time.tm_mon + (style.is_raw ? 0 : 1)), 2);
        out.put('-');
        write_decimal(out, static_cast<unsigned>(time.tm_mday), 2);
    }
    if (style.shows_date && style.shows_time) out.put(style.separator);
    if (style.shows_time) {
        write_decimal(out, static_cast<unsigned>(time.tm_hour), 2);
        out.put(':');
        write_decimal(out, static_cast<unsigned>(time.tm_min), 2);
        out.put(':');
        write_decimal(out, static_cast<unsigned>(time.tm_sec), 2);
    }
}

// %ptR of a struct rtc_time, %ptT of a time64_t.
void write_time_and_date(TextWriter& out, const char* extension, const void* pointer,
                         const FormatSpec& spec) {
    if (extension[1] != 'R' && extension[1] != 'T') {
        write_hashed_address(out, pointer, spec);
        return;
    }
    if (!check_pointer(out, pointer, spec)) return;
    struct rtc_time time = {};
    if (extension[1] == 'R')
        time = read_module<struct rtc_time>(pointer);
    else
        rtc_time64_to_tm(read_module<time64_t>(pointer), &time);
    write_time(out, time, parse_time_style(extension + 2));
}

// %pe: the name of the error that the pointer holds.
void write_error_pointer(TextWriter& out, const void* pointer, const FormatSpec& spec) {
    if (!IS_ERR(pointer)) {
        write_hashed_address(out, pointer, spec);
        return;
    }
    const int error = static_cast<int>(PTR_ERR(pointer));
    if (const char* name = error_name(error)) {
        write_text(out, name, spec);
    } else {
        FormatSpec number = spec;
        number.is_signed = true;
        write_number(out, static_cast<uint64_t>(static_cast<int64_t>(error)), number);
    }
}

// %pa, %pad: a physical or DMA address, which the pointer points to.
void write_physical_address(TextWriter& out, const void* pointer, const FormatSpec& spec) {
    if (!check_pointer(out, pointer, spec)) return;
    FormatSpec hex = spec;
    hex.base = 16;
    hex.is_alternate = true;
    hex.pads_with_zero = true;
    hex.width = 2 + kPointerDigits;
    write_number(out, read_module<uint64_t>(pointer), hex);
}

// %pV: another format with its own arguments.
void write_nested_format(TextWriter& out, const void* pointer, const FormatSpec& spec) {
    if (!check_pointer(out, pointer, spec)) return;
    const auto nested = read_module<struct va_format>(pointer);
    FormatArguments arguments(*nested.va);
    write_format(out, nested.fmt, arguments);
}

}  // namespace

FormatHooks& format_hooks() {
    static FormatHooks hooks;
    return hooks;
}

void write_pointer(TextWriter& out, const char* extension, const void* pointer, FormatSpec spec) {
    switch (*extension) {
        case 'S':
        case 'F':
        case 'B':
            write_symbol(out, pointer, true, spec);
            return;
        case 's':
        case 'f':
            write_symbol(out, pointer, false, spec);
            return;
        case 'h':
            write_hex_string(out, extension, pointer, spec);
            return;
        case 'b':
            write_bitmap(out, extension, pointer, spec);
            return;
        case 'M':
        case 'm':
            write_mac_address(out, extension, pointer, spec);
            return;
        case 'I':
        case 'i':
            write_ip_address(out, extension, pointer, spec);
            return;
        case 'U':
            write_uuid(out, extension, pointer, spec);
            return;
        case 'V':
            write_nested_format(out, pointer, spec);
            return;
        case 'E':
            write_escaped(out, extension, pointer, spec);
            return;
        case 'r':
        case 'R':
            write_resource(out, extension, pointer, spec);
            return;
        case 'G':
            if (!write_flags(out, extension, pointer, spec))
                write_hashed_address(out, pointer, spec);
            return;
        case 'a':
            write_physical_address(out, pointer, spec);
            return;
        case 'd':
            write_dentry(out, static_cast<const struct dentry*>(pointer), extension[1], spec);
            return;
        case 'D':
            write_file(out, static_cast<const struct file*>(pointer), extension[1], spec);
            return;
        case 't':
            write_time_and_date(out, extension, pointer, spec);
            return;
        case 'x':
            write_address(out, reinterpret_cast<uintptr_t>(pointer), spec);
            return;
        case 'e':
            write_error_pointer(out, pointer, spec);
            return;
        default:
            write_hashed_address(out, pointer, spec);
            return;
    }
}

}  // namespace kloom::kernel
