// The strict and the forgiving conversions of text to numbers.
#include <gtest/gtest.h>

#include <climits>

#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/string.h>

namespace {

struct SignedCase {
    const char* name;
    const char* text;
    unsigned base;
    int result;
    long long expected;  // what the variable holds; it was -1 before
};

TEST(Kstrtoll, FollowsTheRules) {
    const SignedCase cases[] = {
        {"plain", "42", 10, 0, 42},
        {"plus", "+42", 10, 0, 42},
        {"minus", "-42", 10, 0, -42},
        {"newline", "42\n", 10, 0, 42},
        {"two newlines", "42\n\n", 10, -EINVAL, -1},
        {"blank before", " 42", 10, -EINVAL, -1},
        {"blank behind", "42 ", 10, -EINVAL, -1},
        {"empty", "", 10, -EINVAL, -1},
        {"only newline", "\n", 10, -EINVAL, -1},
        {"only sign", "-", 10, -EINVAL, -1},
        {"two signs", "--1", 10, -EINVAL, -1},
        {"letters", "12a", 10, -EINVAL, -1},
        {"base 0 hex", "0x1F", 0, 0, 31},
        {"base 0 octal", "017", 0, 0, 15},
        {"base 0 zero", "0", 0, 0, 0},
        {"base 16 prefix", "0xff", 16, 0, 255},
        {"base 16", "fF", 16, 0, 255},
        {"prefix without digits", "0x", 16, -EINVAL, -1},
        {"base 2", "101", 2, 0, 5},
        {"no digit behind f", "g", 36, -EINVAL, -1},
        {"largest", "9223372036854775807", 10, 0, LLONG_MAX},
        {"above", "9223372036854775808", 10, -ERANGE, -1},
        {"smallest", "-9223372036854775808", 10, 0, LLONG_MIN},
        {"below", "-9223372036854775809", 10, -ERANGE, -1},
        {"far above", "99999999999999999999999", 10, -ERANGE, -1},
    };
    for (const SignedCase& c : cases) {
        long long value = -1;
        EXPECT_EQ(kstrtoll(c.text, c.base, &value), c.result) << c.name;
        EXPECT_EQ(value, c.expected) << c.name;
    }
}

TEST(Kstrto, RefusesWhatDoesNotFitTheType) {
    u8 byte = 7;
    s8 signed_byte = 7;
    u16 word = 7;
    int number = 7;
    unsigned int positive = 7;
    unsigned long long huge = 7;

    EXPECT_EQ(kstrtou8("255", 10, &byte), 0);
    EXPECT_EQ(kstrtou8("256", 10, &byte), -ERANGE);
    EXPECT_EQ(byte, 255);
    EXPECT_EQ(kstrtos8("-128", 10, &signed_byte), 0);
    EXPECT_EQ(kstrtos8("128", 10, &signed_byte), -ERANGE);
    EXPECT_EQ(kstrtou16("65536", 10, &word), -ERANGE);
    EXPECT_EQ(kstrtoint("2147483648", 10, &number), -ERANGE);
    EXPECT_EQ(kstrtouint("-1", 10, &positive), -EINVAL);
    EXPECT_EQ(kstrtoull("18446744073709551615", 10, &huge), 0);
    EXPECT_EQ(huge, ULLONG_MAX);
    EXPECT_EQ(kstrtoull("18446744073709551616", 10, &huge), -ERANGE);
}

TEST(Kstrtobool, KnowsTheWords) {
    const struct {
        const char* text;
        int expected;  // -1: refused
    } cases[] = {{"1", 1}, {"y", 1},  {"Yes", 1}, {"on", 1}, {"ON", 1}, {"t", 1},  {"0", 0},
                 {"n", 0}, {"No", 0}, {"off", 0}, {"f", 0},  {"o", -1}, {"2", -1}, {"", -1}};
    for (const auto& c : cases) {
        bool value = false;
        const int error = kstrtobool(c.text, &value);
        EXPECT_EQ(error != 0 ? -1 : static_cast<int>(value), c.expected) << c.text;
    }
    bool value = false;
    EXPECT_EQ(kstrtobool(nullptr, &value), -EINVAL);
}

TEST(SimpleStrtol, StopsAtTheFirstOtherCharacter) {
    char* end = nullptr;
    const char text[] = "-12abc";

    EXPECT_EQ(simple_strtol(text, &end, 10), -12);
    EXPECT_EQ(end, text + 3);
    EXPECT_EQ(simple_strtoul("0x10z", nullptr, 0), 16u);
    EXPECT_EQ(simple_strtoul("xyz", &end, 10), 0u);
    EXPECT_STREQ(end, "xyz");
}

TEST(Memparse, TakesSuffixes) {
    const struct {
        const char* text;
        unsigned long long expected;
    } cases[] = {{"4", 4},        {"4k", 4096},       {"4K", 4096},
                 {"1M", 1 << 20}, {"2G", 2ull << 30}, {"0x10k", 16384}};
    for (const auto& c : cases) EXPECT_EQ(memparse(c.text, nullptr), c.expected) << c.text;
}

TEST(GetOptions, ReadsNumbersAndRanges) {
    int ints[8] = {};

    const char* rest = get_options("1,3-5,9 tail", 8, ints);

    EXPECT_EQ(ints[0], 5);
    EXPECT_EQ(ints[1], 1);
    EXPECT_EQ(ints[2], 3);
    EXPECT_EQ(ints[4], 5);
    EXPECT_EQ(ints[5], 9);
    EXPECT_STREQ(rest, " tail");
}

TEST(GetOptions, CountsWhatARangeHoldsAlsoBeyondTheRoom) {
    int ints[4] = {-1, -1, -1, -1};

    EXPECT_STREQ(get_options("1-9", 4, ints), "9");

    EXPECT_EQ(ints[0], 8);
    EXPECT_EQ(ints[3], 3);
}

TEST(GetOption, TakesASignAloneAndStoresZero) {
    char text[] = "-";
    char* at = text;
    int value = 7;

    EXPECT_EQ(get_option(&at, &value), 0);

    EXPECT_EQ(value, 0);
    EXPECT_STREQ(at, "");
}

TEST(NextArg, SplitsWordsAndQuotes) {
    char text[] = "a=1 b=\"x y\" c";
    char *param = nullptr, *value = nullptr;

    char* rest = next_arg(text, &param, &value);
    EXPECT_STREQ(param, "a");
    EXPECT_STREQ(value, "1");
    rest = next_arg(rest, &param, &value);
    EXPECT_STREQ(param, "b");
    EXPECT_STREQ(value, "x y");
    rest = next_arg(rest, &param, &value);
    EXPECT_STREQ(param, "c");
    EXPECT_EQ(value, nullptr);
    EXPECT_STREQ(rest, "");
}

}  // namespace
