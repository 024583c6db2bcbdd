// Simulation: runs organisations with a workload on more and more CPUs and says how they scale.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "os_models/os/organisation.h"
#include "os_models/timed/figures.hpp"
#include "os_models/workload.hpp"
#include "trace/scaling.hpp"

namespace kloom::os_models {

inline constexpr uint32_t kSimulatedCpusMax = OS_CPUS_MAX;

// All organisations, from the simplest to the one that scales furthest.
std::vector<const os_organisation*> organisations();
// nullptr if there is none of that name.
const os_organisation* find_organisation(const std::string& name);

// Whether there is anything in it that two CPUs lock.
bool has_locks(const os_organisation& organisation);

struct SweepOptions {
    std::vector<const os_organisation*> organisations;
    std::vector<uint32_t> cpus;  // ascending, each at most kSimulatedCpusMax
    uint32_t seeds = 5;
    uint64_t first_seed = 1;
    uint64_t measured_ns = 0;  // 0: long enough for the number of CPUs
};

// One run, with audit: a process, page or block that is lost or there twice ends the program.
Figures simulate(const Workload& workload, const os_organisation& organisation, uint32_t cpus, uint64_t seed,
                 uint64_t measured_ns = 0);

struct SweepProgress {
    double share_done = 0;
    const char* organisation = "";
    uint32_t cpus = 0;
};

// Calls `show` after each run.
trace::ScalingResult sweep(const Workload& workload, const SweepOptions& options,
                           const std::function<void(const SweepProgress&)>& show);

}  // namespace kloom::os_models
