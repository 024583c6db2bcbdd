// Simulation results written by hand: a small one whose text is compared whole, and one of the size
// that people look at, made of formulas.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "trace/scaling.hpp"

namespace kloom::tests {

// One organisation, one and two CPUs, three seeds.
inline trace::ScalingResult small_scaling_result() {
    trace::ScalingPoint one{.cpus = 1,
                            .processes = 4,
                            .throughput = {9876.5, 12.25},
                            .speed_up = {1, 0},
                            .efficiency = {1, 0},
                            .user = {0.9, 0.001},
                            .system = {0.1, 0.001}};
    one.queues = {{.name = "ready processes", .waiting = {3, 0.5}, .wait_us = {300, 1}},
                  {.name = "big lock", .waiting = {0, 0}, .wait_us = {0, 0}}};
    one.dispatch = {.count = 100, .p50_us = 310.5, .p95_us = 900, .p99_us = 1250, .max_us = 2000};
    one.theory = 10000;
    one.events = 1234;
    trace::ScalingPoint two = one;
    two.cpus = 2;
    two.throughput = {18765.4, 250};
    two.speed_up = {1.9, 0.02};
    two.efficiency = {0.95, 0.01};
    two.user = {0.85, 0};
    two.lock_wait = {0.05, 0};
    two.queues[1].waiting = {3.5, 0.25};
    two.theory = 18000;
    trace::ScalingResult result{.workload = "mixed, small",
                                .settings = {"4 processes, 2 \"long\" ones"},
                                .first_seed = 7,
                                .seeds = 3,
                                .time_us_per_round = 100,
                                .system_share = 0.1};
    result.curves = {{.id = "smp", .title = "SMP, one big lock", .points = {one, two}}};
    return result;
}

// What tells the organisations of `large_scaling_result` apart.
struct ExampleShape {
    const char* id;
    const char* title;
    double contention;  // Amdahl's serial share
    const char* queue;
    bool is_partitioned;
};

inline trace::ScalingPoint example_point(const ExampleShape& shape, int cpus) {
    const double speed_up = cpus / (1 + shape.contention * (cpus - 1));
    const double efficiency = speed_up / cpus;
    trace::ScalingPoint point{.cpus = cpus,
                              .processes = 4 * cpus,
                              .throughput = {9500 * speed_up, 60.0 * std::sqrt(cpus)},
                              .speed_up = {speed_up, 0.01 * cpus},
                              .efficiency = {efficiency, 0.01}};
    const double lost = 1 - efficiency;
    point.user = {0.9 * efficiency, 0.004};
    point.system = {0.1 * efficiency, 0.002};
    point.lock_wait = {shape.is_partitioned ? 0 : 0.7 * lost, 0.01};
    point.idle = {lost - point.lock_wait.mean, 0.01};
    if (shape.is_partitioned) {
        point.idle_beside_loaded = {0.8 * lost, 0.01};
        point.paging = {3.5 * cpus, 0.4};
        point.paging_beside_free = {2.5 * cpus, 0.3};
        point.stale_reads = {0.02 * lost, 0.001};
    } else {
        point.theory = point.throughput.mean * (1 + 0.02 * lost);
    }
    point.queues = {
        {shape.queue, {lost * cpus, 0.1}, {lost * cpus * 12, 2}, {1 - efficiency, 0.01}},
        {"ready processes", {0.3 * efficiency, 0.02}, {15, 1}, {efficiency, 0.01}}};
    const double scale = 1 + 4 * lost * cpus;
    point.dispatch = {50000, 40 * scale, 160 * scale, 420 * scale, 2500 * scale};
    point.interactive = {2000, 30 * scale, 120 * scale, 390 * scale, 1200 * scale};
    double up_to_us = 1;
    for (int column = 0; column < 14; ++column, up_to_us *= 2) {
        const double distance = (std::log(up_to_us) - std::log(30 * scale)) / 1.2;
        const double share = std::exp(-distance * distance);
        point.interactive_histogram.push_back({up_to_us, static_cast<uint64_t>(700 * share)});
    }
    point.events = 1000000u + static_cast<uint64_t>(cpus) * 1000u;
    return point;
}

// Five organisations with all figures, 1 to 64 CPUs, ten seeds.
inline trace::ScalingResult large_scaling_result() {
    static constexpr ExampleShape kShapes[] = {
        {"separate", "a kernel for each CPU", 0.02, "ready processes of CPU 0", true},
        {"master-slave", "master and slaves", 0.11, "master", false},
        {"smp", "SMP, one big lock", 0.1, "big lock", false},
        {"smp-fine", "SMP, a lock for each table", 0.012, "memory lock", false},
        {"smp-percpu", "SMP, per-CPU ready queues", 0.004, "disk", false},
    };
    trace::ScalingResult result{.workload = "mixed",
                                .settings = {"4 processes per CPU, one of them interactive",
                                             "rounds: 90 us of computing, 10 us of system calls",
                                             "</script> & \"quotes\" <!-- are only text"},
                                .first_seed = 1,
                                .seeds = 10,
                                .time_us_per_round = 100,
                                .system_share = 0.1};
    for (const ExampleShape& shape : kShapes) {
        trace::ScalingCurve curve{.id = shape.id, .title = shape.title};
        for (int cpus = 1; cpus <= 64; cpus *= 2)
            curve.points.push_back(example_point(shape, cpus));
        if (shape.contention > 0.05) curve.saturates_at = 32;
        result.curves.push_back(std::move(curve));
    }
    return result;
}

}  // namespace kloom::tests
