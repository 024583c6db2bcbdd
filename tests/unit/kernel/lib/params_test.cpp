// Module parameters from text and back.
#include "kernel/lib/params.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include <linux/errno.h>
#include <linux/moduleparam.h>

namespace kloom::kernel {
namespace {

kernel_param make_param(const kernel_param_ops& ops, void* arg) {
    return {"p", nullptr, &ops, 0644, -1, 0, {arg}};
}

std::string text_of(const kernel_param& param) {
    char buffer[4096];
    const int length = param.ops->get(buffer, &param);
    return length < 0 ? "error" : std::string(buffer, static_cast<size_t>(length));
}

TEST(Param, SetsNumbersInAnyBase) {
    int number = 0;
    const kernel_param param = make_param(param_ops_int, &number);

    EXPECT_EQ(set_param(param, "-0x10"), 0);
    EXPECT_EQ(number, -16);
    EXPECT_EQ(text_of(param), "-16\n");
    EXPECT_EQ(set_param(param, "12z"), -EINVAL);
    EXPECT_EQ(set_param(param, "99999999999"), -ERANGE);
    EXPECT_EQ(set_param(param, nullptr), -EINVAL);
}

TEST(Param, ABoolNeedsNoValue) {
    bool flag = false, inverse = false;
    const kernel_param param = make_param(param_ops_bool, &flag);

    EXPECT_EQ(set_param(param, nullptr), 0);
    EXPECT_TRUE(flag);
    EXPECT_EQ(text_of(param), "Y\n");
    EXPECT_EQ(set_param(param, "maybe"), -EINVAL);
    EXPECT_EQ(set_param(make_param(param_ops_invbool, &inverse), "n"), 0);
    EXPECT_TRUE(inverse);
}

TEST(Param, AStringHasARoom) {
    char room[4] = "";
    const kparam_string string = {sizeof room, room};
    const kernel_param param = make_param(param_ops_string, const_cast<kparam_string*>(&string));

    EXPECT_EQ(set_param(param, "abc"), 0);
    EXPECT_STREQ(room, "abc");
    EXPECT_EQ(set_param(param, "abcd"), -ENOSPC);
    EXPECT_EQ(text_of(param), "abc\n");
}

TEST(Param, AnArrayCountsItsElements) {
    int elements[3] = {};
    unsigned count = 0;
    const kparam_array array = {3, sizeof(int), &count, &param_ops_int, elements};
    const kernel_param param = make_param(param_array_ops, const_cast<kparam_array*>(&array));

    char two[] = "7,8", four[] = "1,2,3,4", wrong[] = "1,x";
    EXPECT_EQ(set_param(param, two), 0);
    EXPECT_EQ(count, 2u);
    EXPECT_EQ(elements[1], 8);
    EXPECT_EQ(text_of(param), "7,8\n");
    EXPECT_EQ(set_param(param, four), -EINVAL);
    EXPECT_EQ(count, 3u) << "those before the one too many are set";
    EXPECT_EQ(set_param(param, wrong), -EINVAL);
    EXPECT_EQ(count, 1u);
    EXPECT_STREQ(wrong, "1") << "the text stays cut where Linux cuts it";
}

struct ArgumentCase {
    const char* text;
    const char* arguments;  // each as <name> or <name|value>
};

TEST(Param, ArgumentsAreTakenApartAsLinuxDoes) {
    static constexpr ArgumentCase kCases[] = {
        {"", ""},
        {"  a=1   b ", "<a|1><b>"},
        {"a=\"b c\" d", "<a|b c><d>"},
        {"\"a=b c\" d", "<a|b c><d>"},
        {"a=b\" \"c", "<a|b\" \"c>"},
        {"a=\"b c", "<a|b c>"},
        {"a=\"b c\",d", "<a|b c\",d>"},
        {"=1 a== b=", "<=1><a|=><b|>"},
        {"a\tb\nc", "<a><b><c>"},
    };
    for (const ArgumentCase& test : kCases) {
        std::string text = test.text, taken;
        char* rest = text.data();
        while (const auto argument = take_argument(rest))
            taken += "<" + std::string(argument->name) + (argument->value != nullptr ? "|" + std::string(argument->value) : "") + ">";

        EXPECT_EQ(taken, test.arguments) << test.text;
    }
}

}  // namespace
}  // namespace kloom::kernel
