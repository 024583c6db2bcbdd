#include "kernel/log.hpp"

#include <gtest/gtest.h>

#include <string>

#include "unit/kernel/mm/on_machine.hpp"

namespace kloom::kernel {
namespace {

// What dmesg shows after messages of one path at time 0, and the level of the first record.
struct LogCase {
    const char* name;
    std::vector<const char*> messages;
    const char* dmesg;
    int first_level;
};

const LogCase kCases[] = {
    {"PlainMessageHasTheDefaultLevel", {"hello\n"}, "[    0.000000] hello\n", kDefaultLogLevel},
    {"PrefixIsALevel", {"\0016hello\n"}, "[    0.000000] hello\n", 6},
    {"LastOfSeveralPrefixesCounts", {"\0016\0013hello\n"}, "[    0.000000] hello\n", 3},
    {"ContinuationJoinsAnOpenLine", {"\0016a", "\001cb", "\001c!\n"}, "[    0.000000] ab!\n", 6},
    {"ContinuationOfACompleteLineIsALineOfItsOwn",
     {"a\n", "\001cb\n"},
     "[    0.000000] a\n[    0.000000] b\n",
     4},
    {"MessageAfterAnOpenLineBeginsANewOne",
     {"a", "b\n"},
     "[    0.000000] a\n[    0.000000] b\n",
     4},
    {"EachLineOfAMessageHasItsTime", {"a\nb\n"}, "[    0.000000] a\n[    0.000000] b\n", 4},
    {"EmptyLineStays", {"\n"}, "[    0.000000] \n", 4},
};

class LogCases : public ::testing::TestWithParam<LogCase> {};

TEST_P(LogCases, GivesDmesg) {
    tests::OnMachine on_machine;
    LogService log;

    on_machine.run([&] {
        for (const char* message : GetParam().messages) log.append(message);
    });

    EXPECT_EQ(log.dmesg(), GetParam().dmesg);
    EXPECT_EQ(log.records().front().level, GetParam().first_level);
}

INSTANTIATE_TEST_SUITE_P(Log, LogCases, ::testing::ValuesIn(kCases),
                         [](const ::testing::TestParamInfo<LogCase>& info) {
                             return std::string(info.param.name);
                         });

TEST(Log, ReturnsTheLengthWithoutPrefixAndNewline) {
    tests::OnMachine on_machine;
    LogService log;
    int size = 0;

    on_machine.run([&] { size = log.append("\0016hello\n"); });

    EXPECT_EQ(size, 5);
}

TEST(Log, ShowsTheLevelInRawForm) {
    tests::OnMachine on_machine;
    LogService log;

    on_machine.run([&] { log.append("\0013bad\nworse\n"); });

    EXPECT_EQ(log.dmesg(LogForm::Raw), "<3>[    0.000000] bad\n<3>[    0.000000] worse\n");
}

TEST(Log, StampsTheVirtualTime) {
    tests::OnMachine on_machine;
    LogService log;

    on_machine.run([&] {
        machine().sleep_until(5'000'123'456, "test", nullptr);
        log.append("late\n");
    });

    EXPECT_EQ(log.dmesg(), "[    5.000123] late\n");
}

TEST(Log, KeepsTheNewerHalfWhenItIsFull) {
    tests::OnMachine on_machine;
    LogService log;
    const std::string line(1000, 'x');

    on_machine.run([&] {
        for (int i = 0; i < 1500; ++i) log.append(line + "\n");
        log.append("last\n");
    });

    EXPECT_LT(log.records().size(), 1100u);
    EXPECT_EQ(log.text(log.records().back()), "last");
    EXPECT_EQ(log.text(log.records().front()), line);
}

TEST(Log, PrintsTenTimesInFiveSeconds) {
    tests::OnMachine on_machine;
    LogService log;
    int printed = 0;

    on_machine.run([&] {
        log.begin_execution();
        for (int i = 0; i < 20; ++i) printed += log.may_print_now();
        machine().sleep_until(6'000'000'000, "test", nullptr);
        for (int i = 0; i < 20; ++i) printed += log.may_print_now();
    });

    EXPECT_EQ(printed, 20);
}

}  // namespace
}  // namespace kloom::kernel
