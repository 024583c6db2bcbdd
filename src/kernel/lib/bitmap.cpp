// Operations on whole bitmaps, and bitmaps as text. The words that an operation uses are reported
// once, as a range.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>

#include "kernel/lib/bit_list.hpp"
#include "kernel/lib/integer_text.hpp"
#include "kernel/lib/module_text.hpp"

#include <linux/bitmap.h>
#include <linux/errno.h>

namespace kloom::kernel {
namespace {

constexpr unsigned kWordBits = 64;
constexpr size_t kPageSize = 4096;

size_t word_count(unsigned bits) {
    return (bits + kWordBits - 1) / kWordBits;
}
size_t byte_count(unsigned bits) {
    return word_count(bits) * sizeof(unsigned long);
}

// The bits of word `index` that belong to a bitmap of `bits`.
unsigned long valid_mask(size_t index, unsigned bits) {
    const auto begin = static_cast<unsigned>(index) * kWordBits;
    return bits - begin >= kWordBits ? ~0ul : (1ul << (bits - begin)) - 1;
}

// dst[i] = combine(a[i], b[i]); true when a valid bit of the result is set.
template <class Combine>
bool combine_words(unsigned long* dst, const unsigned long* a, const unsigned long* b,
                   unsigned bits, Combine combine) {
    note_read(a, byte_count(bits));
    note_read(b, byte_count(bits));
    note_write(dst, byte_count(bits));
    unsigned long any = 0;
    for (size_t i = 0; i < word_count(bits); ++i) {
        dst[i] = combine(a[i], b[i]);
        any |= dst[i] & valid_mask(i, bits);
    }
    return any != 0;
}

// Whether holds(a[i], b[i], mask of the valid bits) for every word.
template <class Holds>
bool all_words(const unsigned long* a, const unsigned long* b, unsigned bits, Holds holds) {
    note_read(a, byte_count(bits));
    note_read(b, byte_count(bits));
    for (size_t i = 0; i < word_count(bits); ++i)
        if (!holds(a[i], b[i], valid_mask(i, bits))) return false;
    return true;
}

bool get_bit(const unsigned long* words, unsigned bit) {
    return (words[bit / kWordBits] >> (bit % kWordBits) & 1) != 0;
}

void put_bit(unsigned long* words, unsigned bit, bool value) {
    const unsigned long mask = 1ul << (bit % kWordBits);
    words[bit / kWordBits] = value ? words[bit / kWordBits] | mask : words[bit / kWordBits] & ~mask;
}

// Sets or clears [start, start + count), touching only the words of the range.
void put_range(unsigned long* map, unsigned start, unsigned count, bool value) {
    if (count == 0) return;
    const unsigned first_word = start / kWordBits, last_word = (start + count - 1) / kWordBits;
    note_read(map + first_word, (last_word - first_word + 1) * sizeof *map);
    note_write(map + first_word, (last_word - first_word + 1) * sizeof *map);
    for (unsigned bit = start; bit < start + count; ++bit) put_bit(map, bit, value);
}

bool is_all(std::string_view item) {
    return std::ranges::equal(item, std::string_view("all"),
                              [](char a, char b) { return (a | 0x20) == b; });
}

// One element of a list: "3", "1-5", "0-31:2/4" (of each 4 bits the first 2), "all"; N is the last
// bit. False when it is none.
bool parse_list_item(std::string_view item, unsigned bits, unsigned long* words, int& error) {
    error = -EINVAL;
    auto take_number = [&item, &error, bits](unsigned& number) {
        if (item.starts_with('N')) {
            number = bits - 1;
            item.remove_prefix(1);
            return true;
        }
        const ParsedInteger parsed = parse_integer(item, 10);
        if (parsed.digits == 0) return false;
        if (parsed.has_overflown || parsed.value > UINT32_MAX) {
            error = -EOVERFLOW;
            return false;
        }
        number = static_cast<unsigned>(parsed.value);
        item.remove_prefix(parsed.size);
        return true;
    };
    auto take = [&item](char c) {
        if (!item.starts_with(c)) return false;
        item.remove_prefix(1);
        return true;
    };
    unsigned first = 0, last = bits - 1, used = 1, group = 1;
    if (is_all(item)) {
        item = {};
    } else {
        if (!take_number(first)) return false;
        last = first;
        if (take('-') && !take_number(last)) return false;
        if (take(':') && (!take_number(used) || !take('/') || !take_number(group))) return false;
    }
    if (!item.empty() || first > last || used > group || group == 0) return false;
    error = -ERANGE;
    if (last >= bits) return false;
    for (unsigned bit = first; bit <= last; ++bit)
        if ((bit - first) % group < used) put_bit(words, bit, true);
    return true;
}

int parse_list(std::string_view text, unsigned long* words, unsigned bits) {
    std::memset(words, 0, byte_count(bits));
    static constexpr std::string_view kSeparators = ", \t\n";
    while (!text.empty()) {
        const size_t end = std::min(text.find_first_of(kSeparators), text.size());
        int error = 0;
        if (end > 0 && !parse_list_item(text.substr(0, end), bits, words, error)) return error;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return 0;
}

// Groups of at most eight hexadecimal digits, 32 bits each, the highest first. Blanks and commas
// between them and at either end do not matter. More groups than the bitmap has words are too many,
// even if they are zero.
int parse_groups(std::string_view text, unsigned long* words, unsigned bits) {
    static constexpr std::string_view kSeparators = ", \t\r\v\f";
    text = text.substr(0, text.find('\n'));
    std::memset(words, 0, byte_count(bits));
    for (unsigned group = 0;; ++group) {
        const size_t last = text.find_last_not_of(kSeparators);
        if (last == std::string_view::npos) return 0;
        text = text.substr(0, last + 1);
        if (group * 32 >= bits) return -EOVERFLOW;
        const size_t begin = text.find_last_of(kSeparators) + 1;  // 0 when there is none
        const std::string_view digits = text.substr(begin);
        if (digits.find_first_not_of("0123456789abcdefABCDEF") != std::string_view::npos)
            return -EINVAL;
        if (digits.size() > 8) return -EOVERFLOW;
        const ParsedInteger parsed = parse_integer(digits, 16);
        for (unsigned i = 0; i < 32; ++i) {
            if ((parsed.value >> i & 1) == 0) continue;
            if (group * 32 + i >= bits) return -EOVERFLOW;
            put_bit(words, group * 32 + i, true);
        }
        text = text.substr(0, begin);
    }
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" {

void bitmap_zero(unsigned long* dst, unsigned int nbits) {
    KLOOM_API();
    note_write(dst, byte_count(nbits));
    std::memset(dst, 0, byte_count(nbits));
}

void bitmap_fill(unsigned long* dst, unsigned int nbits) {
    KLOOM_API();
    note_write(dst, byte_count(nbits));
    std::memset(dst, 0xff, byte_count(nbits));
}

void bitmap_copy(unsigned long* dst, const unsigned long* src, unsigned int nbits) {
    KLOOM_API();
    note_read(src, byte_count(nbits));
    note_write(dst, byte_count(nbits));
    std::memmove(dst, src, byte_count(nbits));
}

void bitmap_complement(unsigned long* dst, const unsigned long* src, unsigned int nbits) {
    KLOOM_API();
    combine_words(dst, src, src, nbits, [](unsigned long a, unsigned long) { return ~a; });
}

bool bitmap_and(unsigned long* dst, const unsigned long* src1, const unsigned long* src2,
                unsigned int nbits) {
    KLOOM_API();
    return combine_words(dst, src1, src2, nbits,
                         [](unsigned long a, unsigned long b) { return a & b; });
}

bool bitmap_andnot(unsigned long* dst, const unsigned long* src1, const unsigned long* src2,
                   unsigned int nbits) {
    KLOOM_API();
    return combine_words(dst, src1, src2, nbits,
                         [](unsigned long a, unsigned long b) { return a & ~b; });
}

void bitmap_or(unsigned long* dst, const unsigned long* src1, const unsigned long* src2,
               unsigned int nbits) {
    KLOOM_API();
    combine_words(dst, src1, src2, nbits, [](unsigned long a, unsigned long b) { return a | b; });
}

void bitmap_xor(unsigned long* dst, const unsigned long* src1, const unsigned long* src2,
                unsigned int nbits) {
    KLOOM_API();
    combine_words(dst, src1, src2, nbits, [](unsigned long a, unsigned long b) { return a ^ b; });
}

void bitmap_replace(unsigned long* dst, const unsigned long* old, const unsigned long* bits,
                    const unsigned long* mask, unsigned int nbits) {
    KLOOM_API();
    note_read(mask, byte_count(nbits));
    size_t i = 0;
    combine_words(dst, old, bits, nbits, [&](unsigned long from, unsigned long to) {
        const unsigned long chosen = mask[i++];
        return (from & ~chosen) | (to & chosen);
    });
}

// Bit n of the result is bit n + shift.
void bitmap_shift_right(unsigned long* dst, const unsigned long* src, unsigned int shift,
                        unsigned int nbits) {
    KLOOM_API();
    note_read(src, byte_count(nbits));
    note_write(dst, byte_count(nbits));
    for (unsigned bit = 0; bit < nbits; ++bit)
        put_bit(dst, bit, bit < nbits - std::min(shift, nbits) && get_bit(src, bit + shift));
}

void bitmap_shift_left(unsigned long* dst, const unsigned long* src, unsigned int shift,
                       unsigned int nbits) {
    KLOOM_API();
    note_read(src, byte_count(nbits));
    note_write(dst, byte_count(nbits));
    for (unsigned bit = nbits; bit-- > 0;)
        put_bit(dst, bit, bit >= shift && get_bit(src, bit - shift));
}

void bitmap_set(unsigned long* map, unsigned int start, unsigned int nbits) {
    KLOOM_API();
    put_range(map, start, nbits, true);
}

void bitmap_clear(unsigned long* map, unsigned int start, unsigned int nbits) {
    KLOOM_API();
    put_range(map, start, nbits, false);
}

bool bitmap_equal(const unsigned long* src1, const unsigned long* src2, unsigned int nbits) {
    KLOOM_API();
    return all_words(src1, src2, nbits, [](unsigned long a, unsigned long b, unsigned long mask) {
        return ((a ^ b) & mask) == 0;
    });
}

bool bitmap_intersects(const unsigned long* src1, const unsigned long* src2, unsigned int nbits) {
    KLOOM_API();
    return !all_words(src1, src2, nbits, [](unsigned long a, unsigned long b, unsigned long mask) {
        return (a & b & mask) == 0;
    });
}

// Whether every bit of src1 is in src2.
bool bitmap_subset(const unsigned long* src1, const unsigned long* src2, unsigned int nbits) {
    KLOOM_API();
    return all_words(src1, src2, nbits, [](unsigned long a, unsigned long b, unsigned long mask) {
        return (a & ~b & mask) == 0;
    });
}

unsigned int bitmap_weight(const unsigned long* src, unsigned int nbits) {
    KLOOM_API();
    note_read(src, byte_count(nbits));
    unsigned weight = 0;
    for (size_t i = 0; i < word_count(nbits); ++i)
        weight += static_cast<unsigned>(std::popcount(src[i] & valid_mask(i, nbits)));
    return weight;
}

unsigned long bitmap_find_next_zero_area(unsigned long* map, unsigned long size,
                                         unsigned long start, unsigned int nr,
                                         unsigned long align_mask) {
    KLOOM_API();
    for (;;) {  // ends: `start` grows
        const unsigned long index =
            (find_next_zero_bit(map, size, start) + align_mask) & ~align_mask;
        const unsigned long end = index + nr;
        if (end > size) return end;
        const unsigned long taken = find_next_bit(map, end, index);
        if (taken >= end) return index;
        start = taken + 1;
    }
}

int bitmap_find_free_region(unsigned long* bitmap, unsigned int bits, int order) {
    KLOOM_API();
    const unsigned size = 1u << order;
    const unsigned long position = bitmap_find_next_zero_area(bitmap, bits, 0, size, size - 1);
    if (position + size > bits) return -ENOMEM;
    put_range(bitmap, static_cast<unsigned>(position), size, true);
    return static_cast<int>(position);
}

void bitmap_release_region(unsigned long* bitmap, unsigned int pos, int order) {
    KLOOM_API();
    put_range(bitmap, pos, 1u << order, false);
}

int bitmap_allocate_region(unsigned long* bitmap, unsigned int pos, int order) {
    KLOOM_API();
    const unsigned size = 1u << order;
    if (find_next_bit(bitmap, pos + size, pos) < pos + size) return -EBUSY;
    put_range(bitmap, pos, size, true);
    return 0;
}

int bitmap_parselist(const char* buf, unsigned long* dst, int nbits) {
    KLOOM_API();
    const std::string_view text = module_text(buf);
    note_write(dst, byte_count(static_cast<unsigned>(nbits)));
    return parse_list(text, dst, static_cast<unsigned>(nbits));
}

int bitmap_parse(const char* buf, unsigned int buflen, unsigned long* dst, int nbits) {
    KLOOM_API();
    const std::string_view text = module_text(buf, buflen);
    note_write(dst, byte_count(static_cast<unsigned>(nbits)));
    return parse_groups(text, dst, static_cast<unsigned>(nbits));
}

int bitmap_print_to_pagebuf(bool list, char* buf, const unsigned long* maskp, int nmaskbits) {
    KLOOM_API();
    note_read(maskp, byte_count(static_cast<unsigned>(nmaskbits)));
    const size_t room = kPageSize - reinterpret_cast<uintptr_t>(buf) % kPageSize;
    TextWriter out(buf, room, TextOwner::Module);
    (list ? write_bit_list : write_bit_groups)(out, maskp, static_cast<unsigned>(nmaskbits));
    out.put('\n');
    return static_cast<int>(std::min(out.finish(), room - 1));
}

}  // extern "C"
