#include "cli/values.hpp"

#include <gtest/gtest.h>

namespace kloom::cli {
namespace {

TEST(Values, DurationsHaveUnits) {
    struct Case {
        const char* text;
        uint64_t nanoseconds;
    };
    const Case cases[] = {
        {"5s", 5'000'000'000},  {"200ms", 200'000'000},  {"10us", 10'000},
        {"1.5", 1'500'000'000}, {"2m", 120'000'000'000}, {"0s", 0},
    };
    for (const Case& test : cases) {
        const auto value = parse_duration(test.text);
        ASSERT_TRUE(value) << test.text;
        EXPECT_EQ(*value, test.nanoseconds) << test.text;
    }
}

TEST(Values, NoDurationIsAnErrorThatNamesTheText) {
    for (const char* text : {"", "s", "5x", "-1s", "1e99", "nan"}) {
        const auto value = parse_duration(text);
        ASSERT_FALSE(value) << text;
        EXPECT_NE(value.error().message.find(text), std::string::npos);
        EXPECT_FALSE(value.error().hint.empty());
    }
}

TEST(Values, InterruptLinesTakeCpuAndTimes) {
    const auto plain = parse_irq("19");
    const auto full = parse_irq("19@1*3");

    ASSERT_TRUE(plain && full);
    EXPECT_EQ(plain->line, 19u);
    EXPECT_FALSE(plain->cpu.has_value());
    EXPECT_EQ(plain->times, 1u);
    EXPECT_EQ(full->line, 19u);
    EXPECT_EQ(full->cpu, 1);
    EXPECT_EQ(full->times, 3u);
}

TEST(Values, WrongInterruptLinesAreErrors) {
    for (const char* text : {"", "x", "256", "19@", "19@64", "19*", "19*0", "19*3@1x", "-1"})
        EXPECT_FALSE(parse_irq(text)) << text;
}

TEST(Values, BudgetIsATimeOrANumberOfExecutions) {
    session::SearchOptions by_time;
    session::SearchOptions by_count;

    ASSERT_TRUE(parse_budget("3s", by_time));
    ASSERT_TRUE(parse_budget("5000", by_count));

    EXPECT_EQ(by_time.budget_seconds, 3);
    EXPECT_EQ(by_count.budget_executions, 5000u);
    EXPECT_GT(by_count.budget_seconds, 1e6);
    EXPECT_FALSE(parse_budget("soon", by_time));
}

TEST(Values, CausesHaveNames) {
    machine::Causes causes;

    for (const char* name : {"irq", "softirq", "preemption", "sleep", "smp"})
        EXPECT_TRUE(switch_off_cause(name, causes)) << name;

    EXPECT_FALSE(causes.interrupt || causes.softirq || causes.preemption || causes.sleep ||
                 causes.smp);
    EXPECT_FALSE(switch_off_cause("luck", causes));
}

TEST(Values, BootParametersLimitCpusAsLinuxDoes) {
    machine::MachineConfig config;
    config.cpus = config.possible_cpus = 4;

    ASSERT_TRUE(apply_boot_parameter("maxcpus=3", config));
    EXPECT_EQ(config.cpus, 3);
    EXPECT_EQ(config.possible_cpus, 4);

    ASSERT_TRUE(apply_boot_parameter("nr_cpus=2", config));
    EXPECT_EQ(config.cpus, 2);
    EXPECT_EQ(config.possible_cpus, 2);

    ASSERT_TRUE(apply_boot_parameter("possible_cpus=8", config));
    EXPECT_EQ(config.cpus, 2);
    EXPECT_EQ(config.possible_cpus, 8);

    for (const char* text : {"nr_cpus=0", "nr_cpus=65", "nr_cpus", "isolcpus=1", ""})
        EXPECT_FALSE(apply_boot_parameter(text, config)) << text;
}

TEST(Values, ABareParameterSwitchesItOn) {
    const auto bare = parse_assignment("debug");
    const auto full = parse_assignment("name=a=b");

    ASSERT_TRUE(bare && full);
    EXPECT_EQ(bare->second, "1");
    EXPECT_EQ(full->first, "name");
    EXPECT_EQ(full->second, "a=b");
    EXPECT_FALSE(parse_assignment("=3"));
}

}  // namespace
}  // namespace kloom::cli
