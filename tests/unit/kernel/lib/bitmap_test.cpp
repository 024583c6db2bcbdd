// Bitmaps: searches, operations, text.
#include <gtest/gtest.h>

#include <bitset>
#include <string>
#include <vector>

#include "base/prng.hpp"

#include <linux/bitmap.h>
#include <linux/cpumask.h>
#include <linux/errno.h>

namespace {

constexpr unsigned kBits = 150;
using Words = std::vector<unsigned long>;

Words random_words(kloom::base::Prng& random) {
    Words words(3);
    for (unsigned long& word : words) word = random.next() & random.next();
    return words;
}

bool get(const Words& words, unsigned bit) {
    return (words[bit / 64] >> (bit % 64) & 1) != 0;
}

unsigned next(const Words& words, unsigned start, bool wanted) {
    while (start < kBits && get(words, start) != wanted) ++start;
    return std::min(start, kBits);
}

TEST(FindBit, AgreesWithTheSlowSearch) {
    kloom::base::Prng random(1);
    for (int round = 0; round < 50; ++round) {
        const Words words = random_words(random);
        for (unsigned start = 0; start <= kBits + 3; ++start) {
            ASSERT_EQ(find_next_bit(words.data(), kBits, start), next(words, start, true)) << start;
            ASSERT_EQ(find_next_zero_bit(words.data(), kBits, start), next(words, start, false))
                << start;
        }
        unsigned last = kBits;
        for (unsigned bit = 0; bit < kBits; ++bit)
            if (get(words, bit)) last = bit;
        ASSERT_EQ(find_last_bit(words.data(), kBits), last);
    }
}

TEST(Bitmap, OperationsAgreeWithBitsets) {
    kloom::base::Prng random(2);
    for (int round = 0; round < 50; ++round) {
        const Words a = random_words(random), b = random_words(random);
        std::bitset<kBits> x, y;
        for (unsigned bit = 0; bit < kBits; ++bit) {
            x[bit] = get(a, bit);
            y[bit] = get(b, bit);
        }
        const auto expect = [&](const char* name, const Words& words,
                                const std::bitset<kBits>& expected) {
            for (unsigned bit = 0; bit < kBits; ++bit)
                ASSERT_EQ(get(words, bit), expected[bit]) << name << ' ' << bit;
        };
        Words result(3);
        EXPECT_EQ(bitmap_and(result.data(), a.data(), b.data(), kBits), (x & y).any());
        expect("and", result, x & y);
        bitmap_or(result.data(), a.data(), b.data(), kBits);
        expect("or", result, x | y);
        bitmap_xor(result.data(), a.data(), b.data(), kBits);
        expect("xor", result, x ^ y);
        EXPECT_EQ(bitmap_andnot(result.data(), a.data(), b.data(), kBits), (x & ~y).any());
        expect("andnot", result, x & ~y);
        bitmap_complement(result.data(), a.data(), kBits);
        expect("complement", result, ~x);
        bitmap_shift_left(result.data(), a.data(), 70, kBits);
        expect("left", result, x << 70);
        bitmap_shift_right(result.data(), a.data(), 70, kBits);
        expect("right", result, x >> 70);
        EXPECT_EQ(bitmap_weight(a.data(), kBits), x.count());
        EXPECT_EQ(bitmap_intersects(a.data(), b.data(), kBits), (x & y).any());
        EXPECT_EQ(bitmap_subset(a.data(), b.data(), kBits), (x & ~y).none());
        EXPECT_TRUE(bitmap_equal(a.data(), a.data(), kBits));
    }
}

TEST(Bitmap, SetsAndClearsRanges) {
    Words words(3);

    bitmap_set(words.data(), 60, 10);
    bitmap_clear(words.data(), 63, 2);

    EXPECT_EQ(bitmap_weight(words.data(), kBits), 8u);
    EXPECT_EQ(find_next_bit(words.data(), kBits, 0), 60u);
    EXPECT_EQ(find_next_bit(words.data(), kBits, 63), 65u);
}

TEST(Bitmap, FindsFreeAreas) {
    Words words(3);
    bitmap_set(words.data(), 0, 3);
    bitmap_set(words.data(), 8, 1);

    EXPECT_EQ(bitmap_find_next_zero_area(words.data(), kBits, 0, 5, 0), 3u);
    EXPECT_EQ(bitmap_find_next_zero_area(words.data(), kBits, 0, 4, 3), 4u);
    EXPECT_EQ(bitmap_find_free_region(words.data(), kBits, 3), 16);
    EXPECT_EQ(bitmap_allocate_region(words.data(), 16, 3), -EBUSY);
    bitmap_release_region(words.data(), 16, 3);
    EXPECT_EQ(bitmap_allocate_region(words.data(), 16, 3), 0);
}

struct ListCase {
    const char* text;
    int result;
    const char* printed;
};

TEST(Bitmap, ParsesAndPrintsLists) {
    const ListCase cases[] = {
        {"0-3,8", 0, "0-3,8\n"},
        {"5\n", 0, "5\n"},
        {"", 0, "\n"},
        {"1,2,3", 0, "1-3\n"},
        {"0-15:2/4", 0, "0-1,4-5,8-9,12-13\n"},
        {"all", 0, "0-149\n"},
        {"All", 0, "0-149\n"},
        {"N", 0, "149\n"},
        {"140-N", 0, "140-149\n"},
        {"N-1", -EINVAL, nullptr},
        {"150", -ERANGE, nullptr},
        {"3-1", -EINVAL, nullptr},
        {"a", -EINVAL, nullptr},
    };
    for (const ListCase& c : cases) {
        Words words(3);
        ASSERT_EQ(bitmap_parselist(c.text, words.data(), kBits), c.result) << c.text;
        if (c.result != 0) continue;
        alignas(4096) char page[4096];
        bitmap_print_to_pagebuf(true, page, words.data(), kBits);
        EXPECT_STREQ(page, c.printed) << c.text;
    }
}

struct GroupCase {
    const char* text;
    int result;
    unsigned long word;
};

TEST(Bitmap, ParsesGroups) {
    const GroupCase cases[] = {
        {"1,00000003\n", 0, 0x100000003ul},
        {"", 0, 0},
        {" 3 ", 0, 3},
        {",5,", 0, 5},
        {"f\nzz", 0, 0xf},
        {"g", -EINVAL, 0},
        {"0x3", -EINVAL, 0},
        {"000000005", -EOVERFLOW, 0},
        {"0,0,0,0,0,1", -EOVERFLOW, 0},  // more groups than the 150 bits have
    };
    for (const GroupCase& c : cases) {
        Words words(3);
        EXPECT_EQ(bitmap_parse(c.text, ~0u, words.data(), kBits), c.result) << c.text;
        if (c.result == 0) {
            EXPECT_EQ(words[0], c.word) << c.text;
        }
    }
    Words words(3);
    EXPECT_EQ(bitmap_parse("ff", ~0u, words.data(), 4), -EOVERFLOW);
}

TEST(CpumaskOf, HasOnlyThatCpu) {
    for (unsigned cpu : {0u, 1u, 63u, 64u, 100u, 4096u, 8191u}) {
        const struct cpumask* mask = cpumask_of(cpu);
        EXPECT_EQ(bitmap_weight(mask->bits, NR_CPUS), 1u) << cpu;
        EXPECT_EQ(find_next_bit(mask->bits, NR_CPUS, 0), cpu);
    }
}

}  // namespace
