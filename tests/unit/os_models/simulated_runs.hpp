// Runs of the timed simulator for tests, and what they say with which confidence.
#pragma once

#include <cmath>
#include <span>
#include <string>
#include <vector>

#include "os_models/presets.hpp"
#include "os_models/simulate.hpp"
#include "os_models/summary.hpp"

namespace kloom::os_models::tests {

inline constexpr double kRoundNs = 1e5;  // of the textbook's workload: computing and system call

// The textbook's workload with so much of the time in system calls.
inline Workload textbook(double system_share) {
    Workload workload = *find_preset("textbook");
    workload.compute.mean_ns = kRoundNs * (1 - system_share);
    workload.call.mean_ns = kRoundNs * system_share;
    return workload;
}

inline uint64_t cpu_time(const Figures& figures, CpuTime kind) { return figures.cpu_ns[static_cast<size_t>(kind)]; }

inline double share_of(uint64_t part_ns, const Figures& figures) {
    return static_cast<double>(part_ns) / static_cast<double>(figures.measured_ns);
}

// For about so many rounds, so that all points are measured equally well. Requires: exact_throughput() has an answer.
inline uint64_t time_for(double rounds, const PointSetup& setup) {
    return static_cast<uint64_t>(rounds / *exact_throughput(setup) * 1e9);
}

struct Runs {
    uint32_t seeds = 10;
    uint64_t measured_ns = 0;  // 0: as long as `kloom simulate` measures
};

// With seeds 1, 2 and so on.
inline std::vector<Figures> simulated(const Workload& workload, const os_organisation& organisation, uint32_t cpus,
                                      const Runs& runs = {}) {
    std::vector<Figures> figures;
    for (uint32_t seed = 1; seed <= runs.seeds; ++seed)
        figures.push_back(simulate(workload, organisation, cpus, seed, runs.measured_ns));
    return figures;
}

// A mean and half the width of its 99.9 % confidence interval, by Student's t.
struct Interval {
    double mean = 0;
    double half_width = 0;

    bool contains(double value) const { return std::abs(value - mean) <= half_width; }
};

// `figure` of each of 10 or 20 runs.
template <class Figure>
Interval interval(std::span<const Figures> runs, Figure figure) {
    const double count = static_cast<double>(runs.size());
    const double quantile = runs.size() == 10 ? 4.781 : runs.size() == 20 ? 3.883 : NAN;  // 0.9995; 9, 19 degrees of freedom
    double mean = 0, squares = 0;
    for (const Figures& run : runs) mean += figure(run) / count;
    for (const Figures& run : runs) squares += (figure(run) - mean) * (figure(run) - mean);
    return {mean, quantile * std::sqrt(squares / (count - 1) / count)};
}

// All that is measured, in numbers, so that two runs can be compared.
inline std::vector<uint64_t> numbers_of(const Figures& figures) {
    std::vector<uint64_t> numbers = {figures.measured_ns, figures.events,        figures.rounds, figures.master_busy_ns,
                                     figures.disk_busy_ns, figures.idle_beside_loaded_ns, figures.page_outs,
                                     figures.page_outs_beside_free, figures.reads, figures.stale_reads};
    numbers.insert(numbers.end(), figures.cpu_ns.begin(), figures.cpu_ns.end());
    numbers.insert(numbers.end(), figures.lock_held_ns.begin(), figures.lock_held_ns.end());
    std::vector<QueueMeter> meters(figures.lock_meters.begin(), figures.lock_meters.end());
    meters.insert(meters.end(), {figures.ready, figures.master, figures.disk});
    for (const QueueMeter& meter : meters)
        numbers.insert(numbers.end(), {meter.arrivals, meter.waited_ns, meter.length_ns, meter.waiting, meter.changed_at_ns});
    for (const LatencyHistogram* histogram : {&figures.dispatch, &figures.interactive}) {
        numbers.insert(numbers.end(), {histogram->count(), histogram->max_ns()});
        for (uint32_t column = 0; column < LatencyHistogram::kColumns; ++column) numbers.push_back(histogram->count_in(column));
    }
    return numbers;
}

struct NamedMeter {
    std::string name;
    QueueMeter meter;
};

// Those that watch a queue in both ways; the disk's does not.
inline std::vector<NamedMeter> queue_meters(const Figures& figures) {
    return {{"big lock", figures.lock_meters[OS_WHOLE_KERNEL]}, {"scheduler lock", figures.lock_meters[OS_SCHEDULER]},
            {"memory lock", figures.lock_meters[OS_MEMORY]},    {"files lock", figures.lock_meters[OS_FILES]},
            {"ready", figures.ready},                           {"master", figures.master}};
}

}  // namespace kloom::os_models::tests
