// What holds for every run exactly, whatever it simulates.
#pragma once

#include <gtest/gtest.h>

#include "unit/os_models/random_workload.hpp"
#include "unit/os_models/simulated_runs.hpp"

namespace kloom::os_models::tests {

inline std::string described(const Workload& workload, const os_organisation& organisation, uint32_t cpus) {
    return workload.name + ", " + organisation.name + ", " + std::to_string(cpus) + " CPUs";
}

// Nothing is estimated here: what a CPU does, begins when what it did before ends.
inline void expect_cpu_time_adds_up(const Figures& figures, uint32_t cpus) {
    uint64_t sum = 0;
    for (const uint64_t ns : figures.cpu_ns) sum += ns;
    EXPECT_EQ(sum, cpus * figures.measured_ns);
    EXPECT_LE(figures.master_busy_ns, cpu_time(figures, CpuTime::System));
    EXPECT_LE(figures.master_busy_ns, figures.measured_ns);
    EXPECT_LE(figures.idle_beside_loaded_ns, cpu_time(figures, CpuTime::Idle));
    for (const uint64_t held_ns : figures.lock_held_ns) EXPECT_LE(held_ns, figures.measured_ns);
}

// Length over time and waits count the same but for those that wait at the end: their waits are not over.
inline void expect_waits_are_counted_once(const Figures& figures) {
    for (const auto& [name, meter] : queue_meters(figures)) {
        EXPECT_GE(meter.length_ns, meter.waited_ns) << name;
        EXPECT_LE(meter.length_ns - meter.waited_ns, meter.waiting * figures.measured_ns) << name;
    }
}

// simulate() audits each run: a process, frame or buffer that is lost or there twice ends the program, which says the seed.
inline void expect_laws_in_random_runs(uint64_t first_seed, uint64_t last_seed) {
    for (uint64_t seed = first_seed; seed <= last_seed && !testing::Test::HasFailure(); ++seed) {
        const RandomRun run = random_run(seed);
        SCOPED_TRACE("random_run(" + std::to_string(seed) + "): " + described(run.workload, *run.organisation, run.cpus));

        const Figures figures = simulate(run.workload, *run.organisation, run.cpus, seed, run.measured_ns);

        expect_cpu_time_adds_up(figures, run.cpus);
        expect_waits_are_counted_once(figures);
        EXPECT_LE(figures.page_outs_beside_free, figures.page_outs);
        EXPECT_LE(figures.stale_reads, figures.reads);
        if (run.organisation == &os_per_cpu) continue;
        EXPECT_EQ(figures.stale_reads, 0u);
        // Where there is one pool it is empty when something is paged out.
        if (run.organisation == &os_smp_percpu) continue;
        EXPECT_EQ(figures.page_outs_beside_free, 0u);
    }
}

}  // namespace kloom::os_models::tests
