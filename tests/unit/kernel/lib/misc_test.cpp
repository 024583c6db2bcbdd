// Sorting, calendar, checksums, UUIDs and random numbers.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "base/prng.hpp"
#include "kernel/lib/random.hpp"

#include <linux/crc32.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/list.h>
#include <linux/list_sort.h>
#include <linux/random.h>
#include <linux/rtc.h>
#include <linux/sort.h>
#include <linux/time.h>
#include <linux/uuid.h>

extern "C" int __popcountdi2(long number);

namespace {

int compare_ints(const void* a, const void* b) {
    const int x = *static_cast<const int*>(a), y = *static_cast<const int*>(b);
    return (x > y) - (x < y);
}

TEST(Sort, SortsArraysOfEveryLength) {
    kloom::base::Prng random(6);
    for (size_t length = 0; length < 40; ++length) {
        std::vector<int> numbers(length);
        for (int& number : numbers) number = static_cast<int>(random.below(20));
        std::vector<int> expected = numbers;
        std::ranges::sort(expected);

        sort(numbers.data(), numbers.size(), sizeof(int), compare_ints, nullptr);

        ASSERT_EQ(numbers, expected);
    }
}

struct Element {
    struct list_head link;
    int key;
    int order;
};

int compare_keys(void*, const struct list_head* a, const struct list_head* b) {
    return list_entry(a, Element, link)->key - list_entry(b, Element, link)->key;
}

TEST(ListSort, IsStable) {
    kloom::base::Prng random(7);
    for (size_t length = 0; length < 40; ++length) {
        std::vector<Element> elements(length);
        LIST_HEAD(head);
        for (size_t i = 0; i < length; ++i) {
            elements[i] = {{}, static_cast<int>(random.below(5)), static_cast<int>(i)};
            list_add_tail(&elements[i].link, &head);
        }

        list_sort(nullptr, &head, compare_keys);

        size_t count = 0;
        Element* element;
        const Element* previous = nullptr;
        list_for_each_entry(element, &head, link) {
            ++count;
            ASSERT_EQ(element->link.next->prev, &element->link);
            if (previous != nullptr) {
                ASSERT_LE(std::pair(previous->key, previous->order),
                          std::pair(element->key, element->order));
            }
            previous = element;
        }
        ASSERT_EQ(count, length);
    }
}

TEST(Calendar, KnowsDates) {
    EXPECT_EQ(mktime64(1970, 1, 1, 0, 0, 0), 0);
    EXPECT_EQ(mktime64(2000, 2, 29, 12, 0, 1), 951825601);
    EXPECT_EQ(mktime64(1969, 12, 31, 23, 59, 59), -1);

    struct rtc_time tm = {};
    rtc_time64_to_tm(951825601, &tm);
    EXPECT_EQ(tm.tm_year, 100);
    EXPECT_EQ(tm.tm_mon, 1);
    EXPECT_EQ(tm.tm_mday, 29);
    EXPECT_EQ(tm.tm_hour, 12);
    EXPECT_EQ(tm.tm_wday, 2);
    EXPECT_EQ(tm.tm_yday, 59);
    EXPECT_EQ(rtc_tm_to_time64(&tm), 951825601);
    EXPECT_EQ(rtc_valid_tm(&tm), 0);
    tm.tm_mday = 30;
    EXPECT_EQ(rtc_valid_tm(&tm), -EINVAL);
}

TEST(Calendar, GoesThereAndBack) {
    for (time64_t day = -700'000; day < 800'000; day += 97) {
        struct rtc_time tm = {};
        rtc_time64_to_tm(day * 86'400, &tm);
        ASSERT_EQ(rtc_tm_to_time64(&tm), day * 86'400);
        ASSERT_EQ(rtc_year_days(static_cast<unsigned>(tm.tm_mday), static_cast<unsigned>(tm.tm_mon),
                                static_cast<unsigned>(tm.tm_year + 1900)),
                  tm.tm_yday);
    }
}

TEST(BitCount, CountsWhatTheCompilerAsksFor) {
    EXPECT_EQ(__popcountdi2(0), 0);
    EXPECT_EQ(__popcountdi2(-1), 64);
    EXPECT_EQ(__popcountdi2(0x123456789abcdef0), 32);
    for (int bit = 0; bit < 64; ++bit) EXPECT_EQ(__popcountdi2(static_cast<long>(1ul << bit)), 1) << bit;
}

// The check values of the catalogue of CRC algorithms, for "123456789".
TEST(Crc32, HasTheCheckValues) {
    const auto* text = reinterpret_cast<const unsigned char*>("123456789");

    EXPECT_EQ(crc32_le(~0u, text, 9) ^ ~0u, 0xcbf43926u);
    EXPECT_EQ(crc32_be(~0u, text, 9) ^ ~0u, 0xfc891918u);
    EXPECT_EQ(__crc32c_le(~0u, text, 9) ^ ~0u, 0xe3069283u);
}

// lookup3.c's own test values for hashlittle() (the kernel adds the start value in the same way).
TEST(Jhash, HasTheValuesOfLookup3) {
    EXPECT_EQ(jhash("", 0, 0), 0xdeadbeefu);
    EXPECT_EQ(jhash("Four score and seven years ago", 30, 0), 0x17770551u);
    EXPECT_EQ(jhash("Four score and seven years ago", 30, 1), 0xcd628161u);
}

TEST(Random, RepeatsAfterAReset) {
    kloom::kernel::reset_random();
    const u64 first = get_random_u64();
    get_random_u32();

    kloom::kernel::reset_random();

    EXPECT_EQ(get_random_u64(), first);
}

TEST(Uuid, ParsesWhatItChecks) {
    uuid_t uuid;
    guid_t guid;

    EXPECT_EQ(uuid_parse("00010203-0405-0607-0809-0a0b0c0d0e0f", &uuid), 0);
    EXPECT_EQ(uuid.b[3], 3);
    EXPECT_EQ(guid_parse("00010203-0405-0607-0809-0a0b0c0d0e0f", &guid), 0);
    EXPECT_EQ(guid.b[0], 3);
    EXPECT_EQ(uuid_parse("00010203-0405-0607-0809-0a0b0c0d0e0", &uuid), -EINVAL);
    EXPECT_EQ(uuid_parse("0001020300405-0607-0809-0a0b0c0d0e0f", &uuid), -EINVAL);
}

}  // namespace
