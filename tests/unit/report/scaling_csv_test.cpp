#include "report/scaling_csv.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "unit/report/scaling_example.hpp"

namespace kloom::report {
namespace {

using tests::large_scaling_result;
using tests::small_scaling_result;

TEST(ScalingCsv, SmallResultAsText) {
    EXPECT_EQ(
        scaling_csv(small_scaling_result()),
        R"(workload,first_seed,seeds,organisation,title,cpus,processes,throughput,throughput_half_width,speed_up,speed_up_half_width,efficiency,efficiency_half_width,user,user_half_width,system,system_half_width,lock_wait,lock_wait_half_width,idle,idle_half_width,idle_beside_loaded,idle_beside_loaded_half_width,paging,paging_half_width,paging_beside_free,paging_beside_free_half_width,stale_reads,stale_reads_half_width,longest_queue,longest_queue_waiting,longest_queue_waiting_half_width,longest_queue_wait_us,longest_queue_wait_us_half_width,longest_queue_utilisation,longest_queue_utilisation_half_width,dispatch_count,dispatch_p50_us,dispatch_p95_us,dispatch_p99_us,dispatch_max_us,interactive_count,interactive_p50_us,interactive_p95_us,interactive_p99_us,interactive_max_us,theory,events,saturates_at
"mixed, small",7,3,smp,"SMP, one big lock",1,4,9876.5,12.25,1,0,1,0,0.9,0.001,0.1,0.001,0,0,0,0,0,0,0,0,0,0,0,0,ready processes,3,0.5,300,1,0,0,100,310.5,900,1250,2000,0,,,,,10000,1234,
"mixed, small",7,3,smp,"SMP, one big lock",2,4,18765.4,250,1.9,0.02,0.95,0.01,0.85,0,0.1,0.001,0.05,0,0,0,0,0,0,0,0,0,0,0,big lock,3.5,0.25,0,0,0,0,100,310.5,900,1250,2000,0,,,,,18000,1234,
)");
}

TEST(ScalingCsv, QuotesAreDoubled) {
    trace::ScalingResult result = small_scaling_result();
    result.workload = "\"mixed\"\nload";

    EXPECT_NE(scaling_csv(result).find("\n\"\"\"mixed\"\"\nload\",7,3,smp,"), std::string::npos);
}

TEST(ScalingCsv, HalfWidthsOfOneRunAreEmpty) {
    trace::ScalingResult result = small_scaling_result();
    result.seeds = 1;

    EXPECT_NE(scaling_csv(result).find(",1,4,9876.5,,1,,1,,0.9,,"), std::string::npos);
}

TEST(ScalingCsv, RowsHaveTheFieldsOfTheHeader) {
    const std::string text = scaling_csv(large_scaling_result());
    const auto fields = [&text](size_t begin) {
        const size_t end = text.find('\n', begin);
        return std::count(text.begin() + static_cast<long>(begin),
                          text.begin() + static_cast<long>(end), ',');
    };

    // In four of the five organisations there is no text with a comma.
    const size_t first_row = text.find('\n') + 1;
    EXPECT_EQ(fields(first_row), fields(0));
    EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1 + 5 * 7);
}

}  // namespace
}  // namespace kloom::report
