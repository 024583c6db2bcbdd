#include "report/scaling_json.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "unit/report/scaling_example.hpp"

namespace kloom::report {
namespace {

using nlohmann::json;
using tests::large_scaling_result;
using tests::small_scaling_result;

TEST(ScalingJson, HasEverything) {
    const json document = json::parse(scaling_json(small_scaling_result()));
    const json& curve = document["curves"][0];
    const json& point = curve["points"][1];

    EXPECT_EQ(document["kloom"], 1);
    EXPECT_EQ(document["workload"], "mixed, small");
    EXPECT_EQ(document["settings"], json({"4 processes, 2 \"long\" ones"}));
    EXPECT_EQ(document["first_seed"], 7);
    EXPECT_EQ(document["seeds"], 3);
    EXPECT_EQ(document["time_us_per_round"], 100);
    EXPECT_EQ(document["system_share"], 0.1);
    EXPECT_EQ(curve["id"], "smp");
    EXPECT_EQ(curve["title"], "SMP, one big lock");
    EXPECT_EQ(curve["saturates_at"], 0);
    EXPECT_EQ(point["cpus"], 2);
    EXPECT_EQ(point["processes"], 4);
    EXPECT_EQ(point["throughput"], json({{"mean", 18765.4}, {"half_width", 250}}));
    EXPECT_EQ(point["lock_wait"]["mean"], 0.05);
    EXPECT_EQ(point["queues"][1]["name"], "big lock");
    EXPECT_EQ(point["queues"][1]["waiting"]["half_width"], 0.25);
    EXPECT_EQ(point["dispatch"]["p99_us"], 1250);
    EXPECT_EQ(point["interactive"]["count"], 0);
    EXPECT_EQ(point["interactive_histogram"], json::array());
    EXPECT_EQ(point["theory"], 18000);
    EXPECT_EQ(point["events"], 1234);
}

TEST(ScalingJson, HistogramsAreColumns) {
    const json document = json::parse(scaling_json(large_scaling_result()));
    const json& histogram = document["curves"][0]["points"][0]["interactive_histogram"];

    ASSERT_EQ(histogram.size(), 14u);
    EXPECT_EQ(histogram[3]["up_to_us"], 8);
    EXPECT_TRUE(histogram[3]["count"].is_number_unsigned());
}

TEST(ScalingJson, WhatIsNotKnownIsNull) {
    trace::ScalingResult result = small_scaling_result();
    result.seeds = 1;
    result.curves[0].points[0].theory.reset();

    const json point = json::parse(scaling_json(result))["curves"][0]["points"][0];
    EXPECT_TRUE(point["theory"].is_null());
    EXPECT_TRUE(point["speed_up"]["half_width"].is_null());
}

TEST(ScalingJson, KeysKeepTheirOrder) {
    EXPECT_EQ(scaling_json(small_scaling_result()).substr(0, 67),
              "{\n"
              "  \"kloom\": 1,\n"
              "  \"workload\": \"mixed, small\",\n"
              "  \"settings\": [\n    \"");
}

}  // namespace
}  // namespace kloom::report
