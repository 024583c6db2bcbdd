// How many kernel events the simulator of organisations does in a second, and how that depends on the CPUs.
//
// Each organisation runs the textbook's workload, in which it is never saturated when it has per-CPU structures, and the
// database's, which uses every part. Times are the best of kRounds that take turns, so ratios hold within one run.

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "os_models/presets.hpp"
#include "os_models/simulate.hpp"
#include "report.hpp"

namespace kloom {
namespace {

using bench::Measurement;

constexpr int kRounds = 3;
constexpr double kEventsGoal = 2e6;         // per second, on one core
constexpr double kSweepSecondsGoal = 60;    // all organisations to 1,024 CPUs
constexpr uint32_t kSweepCpus = 1024;
constexpr uint32_t kFew = 64;
constexpr uint32_t kMany = 4096;

struct Timed {
    uint64_t events = 0;
    double seconds = 1e300;

    double ns_per_event() const { return seconds / static_cast<double>(events) * 1e9; }
};

void run(const os_models::Workload& workload, const os_organisation& organisation, uint32_t cpus, Timed& best) {
    const auto begin = std::chrono::steady_clock::now();
    best.events = os_models::simulate(workload, organisation, cpus, 1).events;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    best.seconds = std::min(best.seconds, elapsed.count());
}

// The organisation with per-CPU structures is the one that has as much to do with every CPU as it has CPUs.
void measure_growth(const char* preset, std::vector<Measurement>& measurements) {
    const os_models::Workload& workload = *os_models::find_preset(preset);
    const std::vector<uint32_t> cpus = {kFew, 256, 1024, kMany};
    std::vector<Timed> timed(cpus.size());
    for (int round = 0; round < kRounds; ++round)
        for (size_t i = 0; i < cpus.size(); ++i) run(workload, os_smp_percpu, cpus[i], timed[i]);
    for (size_t i = 0; i < cpus.size(); ++i) {
        const double rate = 1e9 / timed[i].ns_per_event();
        measurements.push_back({fmt::format("{}, smp-percpu, {} CPUs: events per second", preset, cpus[i]), rate, "/s",
                                kEventsGoal, rate >= kEventsGoal});
    }
    const double growth = timed.back().ns_per_event() / timed.front().ns_per_event();
    const double logarithm = std::log2(kMany) / std::log2(kFew);
    measurements.push_back({fmt::format("{}: an event at {} CPUs against {}", preset, kMany, kFew), growth, "x", logarithm,
                            growth <= logarithm});
}

void measure_sweep(std::vector<Measurement>& measurements) {
    os_models::SweepOptions options{.organisations = os_models::organisations()};
    for (uint32_t cpus = 1; cpus <= kSweepCpus; cpus *= 2) options.cpus.push_back(cpus);
    const auto begin = std::chrono::steady_clock::now();
    const trace::ScalingResult result = os_models::sweep(os_models::presets().front(), options, [](const os_models::SweepProgress&) {});
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - begin;
    uint64_t events = 0;
    for (const trace::ScalingCurve& curve : result.curves)
        for (const trace::ScalingPoint& point : curve.points) events += point.events;
    const double rate = static_cast<double>(events) / elapsed.count();
    measurements.push_back({fmt::format("sweep of all organisations to {} CPUs, {} seeds", kSweepCpus, options.seeds), elapsed.count(), "s",
                            kSweepSecondsGoal, elapsed.count() < kSweepSecondsGoal});
    measurements.push_back({"sweep: events per second", rate, "/s", kEventsGoal, rate >= kEventsGoal});
}

}  // namespace
}  // namespace kloom

int main(int argc, char** argv) {
    std::vector<kloom::bench::Measurement> measurements;
    kloom::measure_growth("textbook", measurements);
    kloom::measure_growth("database", measurements);
    kloom::measure_sweep(measurements);
    kloom::bench::print(measurements, kloom::bench::wants_json(argc, argv));
}
