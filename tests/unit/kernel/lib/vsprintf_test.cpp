// The formats of kernel messages, as Documentation/core-api/printk-formats describes them.
#include "kernel/lib/format.hpp"

#include <gtest/gtest.h>

#include <cstdarg>
#include <cstring>
#include <string>

#include <linux/err.h>
#include <linux/gfp_types.h>
#include <linux/ioport.h>
#include <linux/mm.h>
#include <linux/printk.h>
#include <linux/rtc.h>
#include <linux/sprintf.h>
#include <linux/types.h>

namespace kloom::kernel {
namespace {

std::string format(const char* format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = format_text(text, sizeof text, format, arguments);
    va_end(arguments);
    EXPECT_EQ(static_cast<size_t>(length), std::strlen(text)) << format;
    return text;
}

struct Case {
    const char* name;
    std::string result;
    const char* expected;
};

void expect_all(std::initializer_list<Case> cases) {
    for (const Case& c : cases) EXPECT_EQ(c.result, c.expected) << c.name;
}

TEST(Format, WritesIntegers) {
    expect_all({
        {"decimal", format("%d", -42), "-42"},
        {"i is d", format("%i", 7), "7"},
        {"unsigned", format("%u", -1), "4294967295"},
        {"smallest", format("%lld", static_cast<long long>(1ull << 63)), "-9223372036854775808"},
        {"largest unsigned", format("%llu", ~0ull), "18446744073709551615"},
        {"long", format("%ld", -5l), "-5"},
        {"L is long long", format("%Lu", 5ull), "5"},
        {"char cuts", format("%hhd", 300), "44"},
        {"signed char", format("%hhd", 200), "-56"},
        {"short cuts", format("%hu", 65537), "1"},
        {"size", format("%zu", static_cast<size_t>(9)), "9"},
        {"signed size", format("%zd", static_cast<ssize_t>(-9)), "-9"},
        {"ptrdiff", format("%td", static_cast<long>(-3)), "-3"},
        {"octal", format("%o", 8), "10"},
        {"hex", format("%x", 0xbeef), "beef"},
        {"HEX", format("%X", 0xbeef), "BEEF"},
        {"zero", format("%d", 0), "0"},
    });
}

TEST(Format, ObeysFlagsWidthAndPrecision) {
    expect_all({
        {"width", format("[%5d]", 42), "[   42]"},
        {"left", format("[%-5d]", 42), "[42   ]"},
        {"zeros", format("[%05d]", -42), "[-0042]"},
        {"left beats zeros", format("[%-05d]", 42), "[42   ]"},
        {"plus", format("%+d", 42), "+42"},
        {"space", format("% d", 42), " 42"},
        {"precision", format("[%.4d]", 42), "[0042]"},
        {"width and precision", format("[%6.4d]", -42), "[ -0042]"},
        {"argument width", format("[%*d]", 5, 42), "[   42]"},
        {"negative argument width is left", format("[%*d]", -5, 42), "[42   ]"},
        {"alternate hex", format("%#x", 255), "0xff"},
        {"alternate HEX", format("%#X", 255), "0XFF"},
        {"alternate zero", format("%#x", 0), "0x0"},
        {"alternate with zeros", format("%#010x", 255), "0x000000ff"},
        {"alternate octal", format("%#o", 8), "010"},
        {"percent", format("100%%"), "100%"},
        {"char", format("[%c]", 'x'), "[x]"},
        {"char width", format("[%3c]", 'x'), "[  x]"},
        {"char left", format("[%-3c]", 'x'), "[x  ]"},
    });
}

TEST(Format, WritesTexts) {
    expect_all({
        {"plain", format("%s", "abc"), "abc"},
        {"precision", format("%.2s", "abc"), "ab"},
        {"argument precision", format("%.*s", 1, "abc"), "a"},
        {"width", format("[%5s]", "abc"), "[  abc]"},
        {"left", format("[%-5s]", "abc"), "[abc  ]"},
        {"null", format("%s", static_cast<const char*>(nullptr)), "(null)"},
        {"null, cut", format("%.3s", static_cast<const char*>(nullptr)), "(nu"},
        {"small address", format("%s", reinterpret_cast<const char*>(16)), "(efault)"},
        {"error pointer", format("%s", reinterpret_cast<const char*>(-ENOMEM)), "(efault)"},
        {"n is refused and ends the text", format("a%nb", static_cast<int*>(nullptr)), "a"},
        {"unknown conversion ends the text", format("a%fb", 0), "a"},
    });
}

TEST(Format, PlainPointersAreHashedAndStable) {
    int object = 0;

    const std::string first = format("%p", &object);
    const std::string again = format("%p", &object);

    EXPECT_EQ(first, again);
    EXPECT_EQ(first.size(), 16u);
    EXPECT_EQ(first.substr(0, 8), "00000000");
    EXPECT_NE(first, format("%px", &object));
    EXPECT_EQ(first, format("%pK", &object));
}

TEST(Format, PointersThatAreNoAddressesShow) {
    expect_all({
        {"null", format("%p", nullptr), "0000000000000000"},
        {"error", format("%p", reinterpret_cast<void*>(-1)), "ffffffffffffffff"},
        {"exact", format("%px", reinterpret_cast<void*>(0x1234)), "0000000000001234"},
        {"error name", format("%pe", reinterpret_cast<void*>(-ENOMEM)), "-ENOMEM"},
        {"error without name", format("%pe", reinterpret_cast<void*>(-4000)), "-4000"},
        {"retry is EAGAIN", format("%pe", reinterpret_cast<void*>(-EAGAIN)), "-EAGAIN"},
    });
}

TEST(Format, WritesBytes) {
    const unsigned char bytes[] = {0x00, 0x1b, 0xff, 0x10, 0x20, 0x30};
    expect_all({
        {"blanks", format("%*ph", 3, bytes), "00 1b ff"},
        {"colons", format("%*phC", 3, bytes), "00:1b:ff"},
        {"dashes", format("%*phD", 3, bytes), "00-1b-ff"},
        {"nothing between", format("%*phN", 3, bytes), "001bff"},
        {"constant width", format("%2ph", bytes), "00 1b"},
        {"no width", format("%ph", bytes), "00"},
        {"mac", format("%pM", bytes), "00:1b:ff:10:20:30"},
        {"mac dashes", format("%pMF", bytes), "00-1b-ff-10-20-30"},
        {"mac reversed", format("%pMR", bytes), "30:20:10:ff:1b:00"},
        {"mac plain", format("%pm", bytes), "001bff102030"},
        {"null", format("%*ph", 3, static_cast<void*>(nullptr)), "(null)"},
        {"escaped", format("%*pE", 5, "a\n\001\"b"), "a\\n\\001\"b"},
    });
}

TEST(Format, WritesInternetAddresses) {
    const unsigned char four[] = {192, 168, 1, 20};
    const unsigned char six[] = {0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0x00, 0x02};
    const unsigned char zero[16] = {};
    const unsigned char mapped[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1};
    expect_all({
        {"dotted", format("%pI4", four), "192.168.1.20"},
        {"padded", format("%pi4", four), "192.168.001.020"},
        {"host order", format("%pI4h", four), "20.1.168.192"},
        {"groups", format("%pI6", six), "2001:0db8:0000:0000:0000:0000:0001:0002"},
        {"no colons", format("%pi6", six), "20010db8000000000000000000010002"},
        {"compressed", format("%pI6c", six), "2001:db8::1:2"},
        {"all zero", format("%pI6c", zero), "::"},
        {"padded", format("[%4pI6c]", zero), "[  ::]"},
        {"version 4 inside", format("%pI6c", mapped), "::ffff:10.0.0.1"},
    });
}

TEST(Format, WritesUuids) {
    const unsigned char bytes[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xa, 0xb, 0xc, 0xd, 0xe, 0xf};
    expect_all({
        {"big", format("%pUb", bytes), "00010203-0405-0607-0809-0a0b0c0d0e0f"},
        {"BIG", format("%pUB", bytes), "00010203-0405-0607-0809-0A0B0C0D0E0F"},
        {"little", format("%pUl", bytes), "03020100-0504-0706-0809-0a0b0c0d0e0f"},
        {"LITTLE", format("%pUL", bytes), "03020100-0504-0706-0809-0A0B0C0D0E0F"},
    });
}

TEST(Format, WritesBitmaps) {
    const unsigned long bits[] = {0x1000f, 1};
    expect_all({
        {"list", format("%*pbl", 70, bits), "0-3,16,64"},
        {"groups", format("%*pb", 70, bits), "01,00000000,0001000f"},
        {"few bits", format("%*pb", 4, bits), "f"},
        {"empty list", format("%*pbl", 0, bits), ""},
    });
}

TEST(Format, WritesTimes) {
    struct rtc_time time = {
        .tm_sec = 15, .tm_min = 30, .tm_hour = 5, .tm_mday = 6, .tm_mon = 10, .tm_year = 118};
    const time64_t seconds = 1541482215;
    expect_all({
        {"both", format("%ptR", &time), "2018-11-06T05:30:15"},
        {"date", format("%ptRd", &time), "2018-11-06"},
        {"time", format("%ptRt", &time), "05:30:15"},
        {"blank", format("%ptRs", &time), "2018-11-06 05:30:15"},
        {"raw", format("%ptRdr", &time), "0118-10-06"},
        {"seconds", format("%ptT", &seconds), "2018-11-06T05:30:15"},
    });
}

TEST(Format, WritesPhysicalAddresses) {
    const u64 address = 0xfee00000;

    EXPECT_EQ(format("%pa", &address), "0x00000000fee00000");
    EXPECT_EQ(format("%pad", &address), "0x00000000fee00000");
}

std::string format_nested(const char* inner, ...) {
    va_list arguments;
    va_start(arguments, inner);
    struct va_format nested = {inner, &arguments};
    const std::string result = format("<%pV|%d>", &nested, 3);
    va_end(arguments);
    return result;
}

TEST(Format, NestsFormats) {
    EXPECT_EQ(format_nested("%s=%d", "n", 4), "<n=4|3>");
}

TEST(Format, SymbolsComeFromTheHook) {
    format_hooks().symbol_name_of = [](uintptr_t address, SymbolName& symbol) {
        if (address != 0x5010) return false;
        symbol = {"work_func", "hello", 0x10, 0x20};
        return true;
    };

    expect_all({
        {"S", format("%pS", reinterpret_cast<void*>(0x5010)), "work_func+0x10/0x20 [hello]"},
        {"s", format("%ps", reinterpret_cast<void*>(0x5010)), "work_func [hello]"},
        {"F", format("%pF", reinterpret_cast<void*>(0x5010)), "work_func+0x10/0x20 [hello]"},
        {"f", format("%pf", reinterpret_cast<void*>(0x5010)), "work_func [hello]"},
        {"B", format("%pB", reinterpret_cast<void*>(0x5010)), "work_func+0x10/0x20 [hello]"},
        {"width", format("[%-20ps]", reinterpret_cast<void*>(0x5010)), "[work_func [hello]   ]"},
        {"unknown", format("%pS", reinterpret_cast<void*>(0x5011)), "0x5011"},
    });
    format_hooks() = {};
}

TEST(Snprintf, TellsTheWholeLengthAndAlwaysEnds) {
    char text[4];

    EXPECT_EQ(kloom_snprintf(text, sizeof text, "%d", 12345), 5);
    EXPECT_STREQ(text, "123");
    EXPECT_EQ(kloom_snprintf(nullptr, 0, "%d", 12345), 5);
}

TEST(Scnprintf, TellsWhatItWrote) {
    char text[4];

    EXPECT_EQ(scnprintf(text, sizeof text, "%d", 12345), 3);
    EXPECT_STREQ(text, "123");
    EXPECT_EQ(scnprintf(text, 0, "%d", 1), 0);
}

TEST(Sprintf, WritesTextsLongerThanAChunk) {
    char text[1200];
    const std::string long_text(1000, 'x');

    EXPECT_EQ(kloom_sprintf(text, "%s!", long_text.c_str()), 1001);
    EXPECT_EQ(text, long_text + "!");
}

TEST(Format, EscapesBytes) {
    const char text[] = "a\n\"\x01";

    expect_all({
        {"by default all that cannot be printed", format("%*pE", 4, text), "a\\n\"\\001"},
        {"any", format("%*pEa", 3, text), "\\141\\n\\\""},
        {"hex of what cannot be printed", format("%*pEhp", 4, text), "a\\x0a\"\\x01"},
        {"spaces only", format("%*pEs", 3, text), "a\\n\""},
        {"one byte without a width", format("%pE", text), "a"},
    });
}

TEST(Format, ShowsResources) {
    struct resource memory = DEFINE_RES_MEM(0x80000000, 0x1000);
    struct resource line = DEFINE_RES_IRQ(7);

    EXPECT_EQ(format("%pr", &memory), "[mem 0x80000000-0x80000fff flags 0x200]");
    EXPECT_EQ(format("%pR", &memory), "[mem 0x80000000-0x80000fff]");
    EXPECT_EQ(format("%pR", &line), "[irq 7]");
    memory.flags |= IORESOURCE_UNSET | IORESOURCE_PREFETCH;
    EXPECT_EQ(format("%pR", &memory), "[mem size 0x00001000 pref]");
}

TEST(Format, NamesFlags) {
    gfp_t gfp = GFP_KERNEL | __GFP_ZERO;
    const unsigned long vma = VM_READ | VM_IO;

    EXPECT_EQ(format("%pGg", &gfp), "GFP_KERNEL|__GFP_ZERO");
    EXPECT_EQ(format("%pGv", &vma), "read|io");
    gfp = 0;
    EXPECT_EQ(format("[%pGg]", &gfp), "[]");
}

char g_unknown;

TEST(Format, EndsAtAnUnknownConversionAndTellsOfIt) {
    format_hooks().on_unknown = [](char conversion) { g_unknown = conversion; };

    EXPECT_EQ(format("a %n b", nullptr), "a ");

    format_hooks().on_unknown = nullptr;
    EXPECT_EQ(g_unknown, 'n');
}

}  // namespace
}  // namespace kloom::kernel
