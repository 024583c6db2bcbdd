#include "os_models/simulate.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "os_models/os/scheduler.h"
#include "os_models/summary.hpp"
#include "os_models/timed/world.hpp"

namespace kloom::os_models {
namespace {

// Until queues are as long as they will be, so many rounds of all processes together, and of each CPU and each process;
// then it is measured for several times as long.
constexpr double kWarmUpRounds = 6'000;
constexpr double kWarmUpRoundsOfCpu = 30;
constexpr double kWarmUpRoundsOfProcess = 4;
constexpr double kMeasuredPerWarmUp = 3.5;

// Rounds of all processes that would be done in a nanosecond if nobody waited for the kernel: the processes limit them,
// or the CPUs.
double rounds_per_ns_at_best(const Workload& workload, uint32_t cpus) {
    const double busy_ns = std::max(workload.compute.mean_ns + workload.call.mean_ns, 1.0);
    return std::min(workload.processes_with(cpus) / (busy_ns + workload.think.mean_ns), cpus / busy_ns);
}

uint64_t warm_up_ns(const Workload& workload, uint32_t cpus) {
    const double processes = workload.processes_with(cpus);
    const double rounds = std::max({kWarmUpRounds, kWarmUpRoundsOfCpu * cpus, kWarmUpRoundsOfProcess * processes});
    double ns = rounds / rounds_per_ns_at_best(workload, cpus);
    // The interactive processes have their say, too.
    const Interactive& interactive = workload.interactive;
    if (interactive.processes != 0) ns = std::max(ns, 100 * (interactive.think.mean_ns + interactive.compute.mean_ns));
    return static_cast<uint64_t>(ns);
}

WorldSetup setup_for(const Workload& workload, const os_organisation& organisation, uint32_t cpus) {
    WorldSetup setup{.organisation = &organisation,
                     .cpus = cpus,
                     .warm_up_ns = warm_up_ns(workload, cpus),
                     .measured_per_warm_up = kMeasuredPerWarmUp,
                     .rounds_per_ns_at_best = rounds_per_ns_at_best(workload, cpus)};
    // When all wait for one server, a queue of all of them takes so long to form.
    const double all_served_ns = workload.processes_with(cpus) * workload.call.mean_ns;
    setup.warm_up_max_ns = std::max(setup.warm_up_ns, static_cast<uint64_t>(all_served_ns));
    return setup;
}

// Of the effort of a run: below so many CPUs it does not depend on their number.
double effort(uint32_t cpus) { return std::max(cpus, 200u); }

double effort(const SweepOptions& options, const std::vector<uint32_t>& cpus) {
    double sum = 0;
    for (const uint32_t n : cpus) sum += effort(n);
    return sum * options.seeds * static_cast<double>(options.organisations.size());
}

// One CPU is what speed-ups refer to.
std::vector<uint32_t> with_one(std::vector<uint32_t> cpus) {
    if (cpus.empty() || cpus.front() != 1) cpus.insert(cpus.begin(), 1);
    return cpus;
}

// Kept from run to run: they are large.
Stacks& all_stacks() {
    static Stacks stacks(OS_CPUS_MAX);
    return stacks;
}

}  // namespace

std::vector<const os_organisation*> organisations() {
    return {&os_per_cpu, &os_master_slave, &os_smp, &os_smp_regions, &os_smp_percpu};
}

const os_organisation* find_organisation(const std::string& name) {
    for (const os_organisation* organisation : organisations())
        if (name == organisation->name) return organisation;
    return nullptr;
}

bool has_locks(const os_organisation& organisation) {
    return organisation.enter_kernel != os_enter_freely || organisation.enter != os_use_freely;
}

Figures simulate(const Workload& workload, const os_organisation& organisation, uint32_t cpus, uint64_t seed,
                 uint64_t measured_ns) {
    WorldSetup setup = setup_for(workload, organisation, cpus);
    setup.seed = seed;
    if (measured_ns != 0) {
        setup.warm_up_ns = static_cast<uint64_t>(static_cast<double>(measured_ns) / kMeasuredPerWarmUp);
        setup.warm_up_max_ns = setup.warm_up_ns;
    }
    World world(workload, setup, all_stacks());
    const Figures figures = world.run();
    const char* complaint = os_audit(&world.system());
    CHECK(complaint == nullptr, "%s, %u CPUs, seed %lu: %s", organisation.name, cpus, seed, complaint);
    return figures;
}

trace::ScalingResult sweep(const Workload& workload, const SweepOptions& options,
                           const std::function<void(const SweepProgress&)>& show) {
    trace::ScalingResult result = describe(workload);
    result.first_seed = options.first_seed;
    result.seeds = static_cast<int>(options.seeds);
    const std::vector<uint32_t> cpus = with_one(options.cpus);
    double done = 0;
    for (const os_organisation* organisation : options.organisations) {
        trace::ScalingCurve curve{.id = organisation->name, .title = organisation->title};
        std::vector<double> throughput_of_one_cpu;
        for (const uint32_t n : cpus) {
            std::vector<Figures> runs;
            for (uint32_t i = 0; i < options.seeds; ++i) {
                runs.push_back(simulate(workload, *organisation, n, options.first_seed + i, options.measured_ns));
                if (n == 1) throughput_of_one_cpu.push_back(throughput_of(runs.back()));
                done += effort(n);
                show({done / effort(options, cpus), organisation->name, n});
            }
            const bool is_asked_for = n != 1 || options.cpus.front() == 1;
            if (is_asked_for) curve.points.push_back(summarise({workload, *organisation, n}, runs, throughput_of_one_cpu));
        }
        curve.saturates_at = saturation(curve.points);
        result.curves.push_back(std::move(curve));
    }
    return result;
}

}  // namespace kloom::os_models
