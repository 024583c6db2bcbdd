// Searches in bitmaps. Only the words up to the answer are read, and reported.
#include <algorithm>
#include <bit>
#include <cstdint>

#include "kernel/module_access.hpp"

#include <linux/find.h>

namespace kloom::kernel {
namespace {

constexpr unsigned long kWordBits = 64;

unsigned long read_word(const unsigned long* words, unsigned long index) {
    note_read(&words[index], sizeof words[index]);
    return words[index];
}

// The first set bit of word_at(0), word_at(1), ... from `start` on.
template <class WordAt>
unsigned long find_bit(unsigned long bits, unsigned long start, WordAt word_at) {
    if (start >= bits) return bits;
    unsigned long mask = ~0ul << (start % kWordBits);
    for (unsigned long index = start / kWordBits; index * kWordBits < bits; ++index, mask = ~0ul) {
        if (const unsigned long word = word_at(index) & mask; word != 0)
            return std::min(index * kWordBits + static_cast<unsigned long>(std::countr_zero(word)),
                            bits);
    }
    return bits;
}

}  // namespace
}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" unsigned long find_next_bit(const unsigned long* addr, unsigned long nbits,
                                       unsigned long start) {
    KLOOM_API();
    return find_bit(nbits, start, [addr](unsigned long i) { return read_word(addr, i); });
}

extern "C" unsigned long find_next_zero_bit(const unsigned long* addr, unsigned long nbits,
                                            unsigned long start) {
    KLOOM_API();
    return find_bit(nbits, start, [addr](unsigned long i) { return ~read_word(addr, i); });
}

extern "C" unsigned long find_next_and_bit(const unsigned long* addr1, const unsigned long* addr2,
                                           unsigned long nbits, unsigned long start) {
    KLOOM_API();
    return find_bit(nbits, start,
                    [=](unsigned long i) { return read_word(addr1, i) & read_word(addr2, i); });
}

extern "C" unsigned long find_next_andnot_bit(const unsigned long* addr1,
                                              const unsigned long* addr2, unsigned long nbits,
                                              unsigned long start) {
    KLOOM_API();
    return find_bit(nbits, start,
                    [=](unsigned long i) { return read_word(addr1, i) & ~read_word(addr2, i); });
}

extern "C" unsigned long find_last_bit(const unsigned long* addr, unsigned long nbits) {
    KLOOM_API();
    for (unsigned long index = (nbits + kWordBits - 1) / kWordBits; index-- > 0;) {
        unsigned long word = read_word(addr, index);
        const unsigned long bits_here = nbits - index * kWordBits;
        if (bits_here < kWordBits) word &= (1ul << bits_here) - 1;
        if (word != 0)
            return index * kWordBits + kWordBits - 1 -
                   static_cast<unsigned long>(std::countl_zero(word));
    }
    return nbits;
}

extern "C" unsigned long find_nth_bit(const unsigned long* addr, unsigned long nbits,
                                      unsigned long n) {
    KLOOM_API();
    unsigned long bit = find_next_bit(addr, nbits, 0);
    while (bit < nbits && n-- > 0) bit = find_next_bit(addr, nbits, bit + 1);
    return bit;
}
