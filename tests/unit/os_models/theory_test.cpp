#include "os_models/theory.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace kloom::os_models {
namespace {

constexpr double kNsPerSecond = 1e9;

// The server is busy with all probability but that of state 0, where P(k) is proportional to N! / (N - k)! (S / Z)^k.
double by_birth_and_death(uint32_t customers, double compute_ns, double service_ns) {
    double term = 1, sum = 1;
    for (uint32_t k = 0; k < customers; ++k) sum += term *= (customers - k) * service_ns / compute_ns;
    return (1 - 1 / sum) / service_ns * kNsPerSecond;
}

double half_width(const std::vector<double>& values) {
    return confidence_half_width(values.data(), static_cast<uint32_t>(values.size()));
}

TEST(MachineRepairman, OneCustomerNeverWaits) {
    EXPECT_DOUBLE_EQ(machine_repairman_throughput(1, 90e3, 10e3), 1e4);
}

// With S = Z the weights of the states are 1, 2, 2 and 1, 3, 6, 6.
TEST(MachineRepairman, TwoAndThreeCustomersByHand) {
    EXPECT_DOUBLE_EQ(machine_repairman_throughput(2, 1000, 1000), 4.0 / 5 * 1e6);
    EXPECT_DOUBLE_EQ(machine_repairman_throughput(3, 1000, 1000), 15.0 / 16 * 1e6);
}

// With S = Z / 9: 1, 2/9, 2/81.
TEST(MachineRepairman, TwoCustomersWithATenthOfSystemTime) {
    EXPECT_NEAR(machine_repairman_throughput(2, 90e3, 10e3), 20.0 / 101 * 1e5, 1e-6);
}

TEST(MachineRepairman, AgreesWithTheProductForm) {
    for (uint32_t customers = 1; customers <= 100; ++customers)
        for (const double share : {0.01, 0.05, 0.1, 0.3, 0.9}) {
            const double exact = by_birth_and_death(customers, 1e5 * (1 - share), 1e5 * share);
            EXPECT_NEAR(machine_repairman_throughput(customers, 1e5 * (1 - share), 1e5 * share), exact, exact * 1e-9)
                << customers << " customers, " << share;
        }
}

TEST(MachineRepairman, ManyCustomersKeepTheServerBusy) {
    EXPECT_NEAR(machine_repairman_throughput(4096, 90e3, 10e3), 1e5, 1e-3);
    EXPECT_DOUBLE_EQ(machine_repairman_throughput(7, 0, 10e3), 1e5);
}

TEST(MachineRepairman, ShortServicesDelayNobody) {
    const double nobody_waits = 10 / (1e6 + 1) * kNsPerSecond;

    EXPECT_NEAR(machine_repairman_throughput(10, 1e6, 1), nobody_waits, nobody_waits * 1e-4);
}

TEST(SpeedUpBound, IsTheLesserOfCpusAndTheInverseOfTheSerialShare) {
    EXPECT_EQ(speed_up_bound(5, 0.1), 5);
    EXPECT_EQ(speed_up_bound(20, 0.1), 10);
    EXPECT_EQ(speed_up_bound(64, 0), 64);
    EXPECT_EQ(speed_up_bound(64, 1), 1);
}

TEST(ConfidenceHalfWidth, IsThatOfStudentsT) {
    EXPECT_NEAR(half_width({1, 3}), 12.706, 1e-9);                // standard error 1
    EXPECT_NEAR(half_width({1, 2, 3}), 4.303 / std::sqrt(3), 1e-9);  // standard deviation 1
    EXPECT_NEAR(half_width({2, 4, 4, 4, 6}), 2.776 * std::sqrt(2.0 / 5), 1e-9);
    EXPECT_NEAR(half_width({1e9 + 1, 1e9 + 2, 1e9 + 3}), 4.303 / std::sqrt(3), 1e-6);
}

TEST(ConfidenceHalfWidth, OfOneValueAndOfEqualOnesIsZero) {
    EXPECT_EQ(half_width({5}), 0);
    EXPECT_EQ(half_width({5, 5, 5, 5}), 0);
}

// The quantiles for 31, 60 and 999 degrees of freedom, from tables.
TEST(ConfidenceHalfWidth, NeedsNoTableForManyValues) {
    const struct {
        size_t count;
        double quantile;
    } rows[] = {{32, 2.0395}, {61, 2.0003}, {1000, 1.9623}};
    for (const auto& row : rows) {
        std::vector<double> values;
        for (size_t i = 0; i < row.count; ++i) values.push_back(static_cast<double>(i));
        // The variance of 0 to n - 1 is n (n + 1) / 12.
        const double standard_error = std::sqrt((static_cast<double>(row.count) + 1) / 12);
        EXPECT_NEAR(half_width(values) / standard_error, row.quantile, 0.005) << row.count;
    }
}

}  // namespace
}  // namespace kloom::os_models
