// The simulator against the exact answer of queueing theory.
#pragma once

#include <gtest/gtest.h>

#include "unit/os_models/simulated_runs.hpp"

namespace kloom::os_models::tests {

// The exact throughput lies in the 99.9 % confidence interval of the mean of all seeds, and that is narrower than 3 % to
// each side, so that a simulator that is wrong by more than twice that is found. Seeds are fixed: the test always passes
// or always fails. Were they drawn anew, each point would fail once in 1000 times.
inline void expect_agreement(const PointSetup& setup, const Runs& runs) {
    const std::optional<double> exact = exact_throughput(setup);
    ASSERT_TRUE(exact.has_value());

    const Interval shown = interval(simulated(setup.workload, setup.organisation, setup.cpus, runs), throughput_of);

    const std::string where = std::string(setup.organisation.name) + ", " + std::to_string(setup.cpus) + " CPUs, share " +
                              std::to_string(setup.workload.system_share());
    EXPECT_TRUE(shown.contains(*exact)) << where << ": " << shown.mean << " +- " << shown.half_width << ", exact " << *exact;
    EXPECT_LT(shown.half_width, 0.03 * *exact) << where;
}

}  // namespace kloom::os_models::tests
