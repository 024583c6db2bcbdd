// From what single runs measured to what is reported.
#pragma once

#include <optional>
#include <span>

#include "os_models/os/organisation.h"
#include "os_models/timed/figures.hpp"
#include "os_models/workload.hpp"
#include "trace/scaling.hpp"

namespace kloom::os_models {

// Rounds per second of virtual time.
double throughput_of(const Figures& figures);

// The workload's name and settings in words; no curves yet.
trace::ScalingResult describe(const Workload& workload);

// Where a point lies.
struct PointSetup {
    const Workload& workload;
    const os_organisation& organisation;
    uint32_t cpus;
};

// `runs` and `throughput_of_one_cpu` are by seed and have the same size.
trace::ScalingPoint summarise(const PointSetup& setup, std::span<const Figures> runs,
                              std::span<const double> throughput_of_one_cpu);

// Rounds per second where queueing theory has the exact answer: one exponential server, exponential computing, no other
// costs.
std::optional<double> exact_throughput(const PointSetup& setup);

// The first number of CPUs from which on twice as many always give less than 10 % more; 0 when there is none.
int saturation(std::span<const trace::ScalingPoint> points);

}  // namespace kloom::os_models
