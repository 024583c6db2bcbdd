#include "os_models/workload.hpp"

#include <algorithm>
#include <cmath>

namespace kloom::os_models {
namespace {

// In (0, 1].
double uniform(base::Prng& prng) { return (static_cast<double>(prng.next() >> 11) + 1) * 0x1p-53; }

// Pareto with index a has mean a / (a - 1) times its least value.
double heavy(base::Prng& prng) {
    constexpr double kIndex = 2.5;
    constexpr double kLongest = 1000;
    return std::min((kIndex - 1) / kIndex * std::pow(uniform(prng), -1 / kIndex), kLongest);
}

}  // namespace

uint64_t Span::draw(base::Prng& prng) const {
    if (mean_ns <= 0) return 0;
    double factor = 1;
    switch (shape) {
        case Shape::Constant:
            break;
        case Shape::Uniform:
            factor = 2 * uniform(prng);
            break;
        case Shape::Exponential:
            factor = -std::log(uniform(prng));
            break;
        case Shape::Heavy:
            factor = heavy(prng);
            break;
    }
    return static_cast<uint64_t>(mean_ns * factor + 0.5);
}

uint32_t Workload::processes_with(uint32_t cpus) const {
    const double count = processes != 0 ? processes : std::max(processes_per_cpu * cpus, 1.0);
    return static_cast<uint32_t>(count + 0.5) + interactive.processes;
}

uint32_t Workload::blocks_with(uint32_t cpus) const {
    return std::max(blocks + static_cast<uint32_t>(blocks_per_cpu * cpus), 1u);
}

double Workload::system_share() const {
    const double round_ns = compute.mean_ns + call.mean_ns;
    return round_ns > 0 ? call.mean_ns / round_ns : 0;
}

}  // namespace kloom::os_models
