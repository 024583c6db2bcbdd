// Text and memory functions where the kernel differs from the C library, and the kernel's own ones.
#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include <linux/errno.h>
#include <linux/hex.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/string_helpers.h>

namespace {

TEST(Strscpy, CutsAndTells) {
    char text[4];

    EXPECT_EQ(strscpy(text, "abc", sizeof text), 3);
    EXPECT_EQ(strscpy(text, "abcd", sizeof text), -E2BIG);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(strscpy(text, "abc", 0), -E2BIG);
}

TEST(StrscpyPad, ClearsTheRest) {
    char text[6] = {'x', 'x', 'x', 'x', 'x', 'x'};

    EXPECT_EQ(strscpy_pad(text, "ab", sizeof text), 2);
    EXPECT_EQ(std::string(text, 6), std::string("ab\0\0\0\0", 6));
}

TEST(Strlcpy, ReturnsTheLengthOfTheSource) {
    char text[4];

    EXPECT_EQ(kloom_strlcpy(text, "abcdef", sizeof text), 6u);
    EXPECT_STREQ(text, "abc");
    EXPECT_EQ(kloom_strlcat(text, "x", sizeof text), 4u);
    EXPECT_STREQ(text, "abc");
}

TEST(Strncpy, DoesNotEndAFullBuffer) {
    char text[4] = {'x', 'x', 'x', 'x'};

    kloom_strncpy(text, "abc", 3);
    EXPECT_EQ(std::string(text, 4), "abcx");
    kloom_strncpy(text, "a", 4);
    EXPECT_EQ(std::string(text, 4), std::string("a\0\0\0", 4));
}

TEST(Strcmp, OrdersLongTexts) {
    const std::string base(40, 'a');

    EXPECT_EQ(kloom_strcmp(base.c_str(), base.c_str()), 0);
    EXPECT_EQ(kloom_strcmp((base + "a").c_str(), (base + "b").c_str()), -1);
    EXPECT_EQ(kloom_strcmp((base + "a").c_str(), base.c_str()), 1);
    EXPECT_EQ(kloom_strncmp((base + "a").c_str(), (base + "b").c_str(), 40), 0);
    EXPECT_EQ(kloom_strcasecmp("HeLLo", "hEllO"), 0);
    EXPECT_LT(kloom_strncasecmp("abc", "ABD", 3), 0);
}

TEST(Strsep, SplitsAndKeepsEmptyParts) {
    char text[] = "a,,b";
    char* rest = text;

    EXPECT_STREQ(kloom_strsep(&rest, ","), "a");
    EXPECT_STREQ(kloom_strsep(&rest, ","), "");
    EXPECT_STREQ(kloom_strsep(&rest, ","), "b");
    EXPECT_EQ(kloom_strsep(&rest, ","), nullptr);
}

TEST(Strim, RemovesBlanksAtBothEnds) {
    char text[] = "  a b \n";

    EXPECT_STREQ(strim(text), "a b");
}

TEST(SysfsStreq, IgnoresOneNewline) {
    EXPECT_TRUE(sysfs_streq("on\n", "on"));
    EXPECT_TRUE(sysfs_streq("on", "on\n"));
    EXPECT_FALSE(sysfs_streq("on\n\n", "on"));
    EXPECT_FALSE(sysfs_streq("on", "off"));
}

TEST(MatchString, FindsTheIndex) {
    const char* const names[] = {"one", "two", nullptr, "four"};

    EXPECT_EQ(match_string(names, 4, "two"), 1);
    EXPECT_EQ(match_string(names, 4, "four"), -EINVAL);
    EXPECT_EQ(match_string(names, static_cast<size_t>(-1), "three"), -EINVAL);
    EXPECT_EQ(__sysfs_match_string(names, 4, "one\n"), 0);
}

TEST(MemchrInv, FindsTheFirstOtherByte) {
    char bytes[] = {5, 5, 6, 5};

    EXPECT_EQ(memchr_inv(bytes, 5, sizeof bytes), bytes + 2);
    EXPECT_EQ(memchr_inv(bytes, 5, 2), nullptr);
}

TEST(Hex2bin, RefusesOtherCharacters) {
    u8 bytes[2] = {};

    EXPECT_EQ(hex2bin(bytes, "0aFF", 2), 0);
    EXPECT_EQ(bytes[0], 0x0a);
    EXPECT_EQ(bytes[1], 0xff);
    EXPECT_EQ(hex2bin(bytes, "0g", 1), -EINVAL);
}

struct DumpCase {
    const char* name;
    size_t length;
    int group;
    bool ascii;
    const char* expected;
};

TEST(HexDumpToBuffer, WritesLines) {
    const DumpCase cases[] = {
        {"bytes", 4, 1, false, "41 42 00 7f"},
        {"bytes with text", 4, 1, true, "41 42 00 7f                                      AB.."},
        {"words are little-endian", 4, 4, false, "7f004241"},
        {"incomplete groups become bytes", 3, 2, false, "41 42 00"},
    };
    for (const DumpCase& c : cases) {
        char line[128];
        const int length =
            hex_dump_to_buffer("AB\0\x7f", c.length, 16, c.group, line, sizeof line, c.ascii);
        EXPECT_STREQ(line, c.expected) << c.name;
        EXPECT_EQ(static_cast<size_t>(length), std::strlen(line)) << c.name;
    }
}

TEST(StringGetSize, RoundsToThreeDigits) {
    const struct {
        u64 size;
        u64 block;
        enum string_size_units units;
        const char* expected;
    } cases[] = {
        {0, 512, STRING_UNITS_2, "0 B"},          {1, 512, STRING_UNITS_2, "512 B"},
        {8192, 1, STRING_UNITS_2, "8.00 KiB"},    {1100, 1, STRING_UNITS_2, "1.07 KiB"},
        {3000, 1900, STRING_UNITS_10, "5.70 MB"}, {250'000'000, 512, STRING_UNITS_10, "128 GB"}};
    for (const auto& c : cases) {
        char text[16];
        string_get_size(c.size, c.block, c.units, text, sizeof text);
        EXPECT_STREQ(text, c.expected);
    }
}

}  // namespace
