#include "report/scaling_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "report/numbers.hpp"
#include "report/paint.hpp"
#include "unit/report/scaling_example.hpp"

namespace kloom::report {
namespace {

using tests::large_scaling_result;
using tests::small_scaling_result;

size_t widest_line(const std::string& text) {
    std::istringstream lines(text);
    size_t widest = 0;
    for (std::string line; std::getline(lines, line);) widest = std::max(widest, width_of(line));
    return widest;
}

bool says(const std::string& text, std::string_view words) {
    return text.find(words) != std::string::npos;
}

TEST(ScalingTable, SmallResultAsText) {
    EXPECT_EQ(
        scaling_table(small_scaling_result(), false),
        R"(Workload mixed, small: 100us per round, 10.0 % of it in system calls; 3 runs with seeds from 7
  4 processes, 2 "long" ones
  +- is half of the 95 % confidence interval

SMP, one big lock (smp)
      rounds                     effi-  user  system    lock  longest             mean  dispatch  dispatch
CPUs   per s    +-  speed-up  ciency %     %       %  wait %  queue            waiting       p50       p99
   1   9.88k  12.2      1.00     100.0  90.0    10.0     0.0  ready processes     3.00     310us    1.25ms
   2   18.8k   250      1.90      95.0  85.0    10.0     5.0  big lock            3.50     310us    1.25ms
does not saturate within 2 CPUs

Comparison: speed-up, and how far the throughput is from what queueing theory gives, in %
           smp       smp
CPUs  speed-up  theory %
   1      1.00      -1.2
   2      1.90      +4.3
)");
}

TEST(ScalingTable, EverythingFitsIn120Columns) {
    trace::ScalingResult result = large_scaling_result();
    result.settings.push_back(std::string(100, 'x') + " " + std::string(100, 'y'));
    for (int more = 0; more < 10; ++more) result.curves.push_back(result.curves[1]);

    EXPECT_LE(widest_line(scaling_table(result, false)), 120u);
}

TEST(ScalingTable, ColoursChangeNothingElse) {
    std::string coloured = scaling_table(large_scaling_result(), true);
    for (size_t at; (at = coloured.find('\033')) != std::string::npos;)
        coloured.erase(at, coloured.find('m', at) - at + 1);

    EXPECT_EQ(coloured, scaling_table(large_scaling_result(), false));
}

TEST(ScalingTable, OneRunHasNoHalfWidths) {
    trace::ScalingResult result = small_scaling_result();
    result.seeds = 1;

    EXPECT_FALSE(says(scaling_table(result, false), "+-"));
    EXPECT_TRUE(says(scaling_table(result, false), "one run with seed 7"));
}

TEST(ScalingTable, SaturationIsTold) {
    trace::ScalingResult result = small_scaling_result();
    result.curves[0].saturates_at = 16;

    EXPECT_TRUE(says(scaling_table(result, false),
                     "\nsaturates at 16 CPUs: twice as many give less than 10 % more\n"));
}

TEST(ScalingTable, OnePointTellsNothingAboutSaturation) {
    trace::ScalingResult result = small_scaling_result();
    result.curves[0].points.pop_back();

    EXPECT_FALSE(says(scaling_table(result, false), "saturate"));
}

TEST(ScalingTable, CpuCountsThatACurveLacksAreDashes) {
    trace::ScalingResult result = small_scaling_result();
    result.curves.push_back(result.curves[0]);
    result.curves[1].id = "short";
    result.curves[1].points.pop_back();

    EXPECT_TRUE(says(scaling_table(result, false),
                     "         smp       smp     short     short\n"
                     "CPUs  speed-up  theory %  speed-up  theory %\n"
                     "   1      1.00      -1.2      1.00      -1.2\n"
                     "   2      1.90      +4.3         -         -\n"));
}

TEST(ScalingTable, NamesCannotActOnTheTerminal) {
    trace::ScalingResult result = small_scaling_result();
    result.workload = "a\033[2Jb";

    EXPECT_FALSE(says(scaling_table(result, false), "\033"));
}

struct NumberCase {
    double value;
    const char* text;
};

TEST(Numbers, ThreeDigitsCount) {
    constexpr NumberCase kCases[] = {{0, "0"},
                                     {0.0001, "<0.001"},
                                     {0.0126, "0.013"},
                                     {0.9999, "1.00"},
                                     {9.996, "10.0"},
                                     {99.96, "100"},
                                     {999.4, "999"},
                                     {999.6, "1.00k"},
                                     {12345, "12.3k"},
                                     {1.5e6, "1.50M"},
                                     {2e15, "2000T"},
                                     {-1234, "-1.23k"},
                                     {std::numeric_limits<double>::quiet_NaN(), "-"}};
    for (const NumberCase& number : kCases)
        EXPECT_EQ(human_number(number.value), number.text) << number.value;
}

TEST(Numbers, TimesHaveAUnit) {
    EXPECT_EQ(human_duration(0), "0");
    EXPECT_EQ(human_duration(12.34), "12.3us");
    EXPECT_EQ(human_duration(1250), "1.25ms");
    EXPECT_EQ(human_duration(3e6), "3.00s");
}

TEST(Numbers, DifferencesThatRoundToZeroHaveNoSign) {
    EXPECT_EQ(signed_percent(-0.0004), "0.0");
    EXPECT_EQ(signed_percent(-0.0006), "-0.1");
    EXPECT_EQ(signed_percent(0.25), "+25.0");
    EXPECT_EQ(percent(-0.0001), "0.0");
}

}  // namespace
}  // namespace kloom::report
