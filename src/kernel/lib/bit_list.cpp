#include "kernel/lib/bit_list.hpp"

#include "kernel/lib/format_spec.hpp"

namespace kloom::kernel {
namespace {

bool is_set(const unsigned long* words, unsigned bit) {
    return (words[bit / 64] >> (bit % 64) & 1) != 0;
}

}  // namespace

void write_bit_list(TextWriter& out, const unsigned long* words, unsigned bits) {
    const FormatSpec decimal;
    bool is_first = true;
    for (unsigned begin = 0; begin < bits; ++begin) {
        if (!is_set(words, begin)) continue;
        unsigned end = begin + 1;
        while (end < bits && is_set(words, end)) ++end;
        if (!is_first) out.put(',');
        is_first = false;
        write_number(out, begin, decimal);
        if (end > begin + 1) {
            out.put('-');
            write_number(out, end - 1, decimal);
        }
        begin = end;
    }
}

void write_bit_groups(TextWriter& out, const unsigned long* words, unsigned bits) {
    FormatSpec hex;
    hex.base = 16;
    hex.pads_with_zero = true;
    for (unsigned group = (bits + 31) / 32; group-- > 0;) {
        const unsigned group_bits = std::min(bits - group * 32, 32u);
        uint64_t value = words[group / 2] >> (group % 2 * 32) & 0xffffffffu;
        if (group_bits < 32) value &= (1u << group_bits) - 1;
        hex.width = static_cast<int>((group_bits + 3) / 4);
        write_number(out, value, hex);
        if (group > 0) out.put(',');
    }
}

}  // namespace kloom::kernel
