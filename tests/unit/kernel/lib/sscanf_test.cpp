// sscanf() as the kernel has it.
#include <gtest/gtest.h>

#include <string>

#include <linux/sprintf.h>
#include <linux/types.h>

namespace {

struct NumberCase {
    const char* name;
    const char* text;
    const char* format;
    int stored;
    long expected;
};

TEST(Sscanf, ReadsOneNumber) {
    const NumberCase cases[] = {
        {"decimal", "42", "%ld", 1, 42},
        {"negative", "-42", "%ld", 1, -42},
        {"blanks before", "  \t42", "%ld", 1, 42},
        {"hex", "ff", "%lx", 1, 255},
        {"hex prefix", "0xff", "%lx", 1, 255},
        {"octal", "17", "%lo", 1, 15},
        {"any base: hex", "0x10", "%li", 1, 16},
        {"any base: octal", "010", "%li", 1, 8},
        {"any base: decimal", "10", "%li", 1, 10},
        {"width cuts", "12345", "%3ld", 1, 123},
        {"text before", "n=5", "n=%ld", 1, 5},
        {"other text before", "m=5", "n=%ld", 0, 0},
        {"no number", "abc", "%ld", 0, 0},
        {"empty text gives no error", "", "%ld", 0, 0},
        {"suppressed", "1 2", "%*d %ld", 1, 2},
        {"u takes no sign", "-1", "%lu", 0, 0},
        {"percent", "%7", "%%%ld", 1, 7},
        {"prefix beyond the width", "0x123", "%1lx", 1, 0},
        {"width for a sign only", "-5", "%1ld", 0, 0},
        {"wraps", "18446744073709551618", "%lu", 1, 2},
    };
    for (const NumberCase& c : cases) {
        long value = 0;
        EXPECT_EQ(kloom_sscanf(c.text, c.format, &value), c.stored) << c.name;
        EXPECT_EQ(value, c.expected) << c.name;
    }
}

TEST(Sscanf, StoresInTheSizeThatTheLettersSay) {
    struct {
        signed char narrow = 0;
        char guard = 77;
        short middle = 0;
    } v;

    EXPECT_EQ(kloom_sscanf("5 -300", "%hhd %hd", &v.narrow, &v.middle), 2);

    EXPECT_EQ(v.narrow, 5);
    EXPECT_EQ(v.guard, 77);
    EXPECT_EQ(v.middle, -300);
}

TEST(Sscanf, ReadsWordsCharactersAndSets) {
    char word[16] = {}, set[16] = {}, two[2] = {};
    int end = -1;

    EXPECT_EQ(kloom_sscanf("  hello abc123 xyz", "%15s %10[abc]%*d %2c%n", word, set, two, &end),
              3);

    EXPECT_STREQ(word, "hello");
    EXPECT_STREQ(set, "abc");
    EXPECT_EQ(std::string(two, 2), "xy");
    EXPECT_EQ(end, 17);
}

TEST(Sscanf, InvertsASet) {
    char key[16] = {};
    int value = 0;

    EXPECT_EQ(kloom_sscanf("speed=9", "%15[^=]=%d", key, &value), 2);

    EXPECT_STREQ(key, "speed");
    EXPECT_EQ(value, 9);
}

TEST(Sscanf, ASetNeedsAWidth) {
    char text[4] = "?";

    EXPECT_EQ(kloom_sscanf("abc", "%[abc]", text), 0);
    EXPECT_STREQ(text, "?");
}

TEST(Sscanf, AWordIsCutAtItsWidth) {
    char word[4] = {};

    EXPECT_EQ(kloom_sscanf("hello", "%3s", word), 1);
    EXPECT_STREQ(word, "hel");
}

}  // namespace
