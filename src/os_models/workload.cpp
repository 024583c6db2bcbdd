#include "os_models/workload.hpp"

#include <algorithm>
#include <cmath>

namespace kloom::os_models {
namespace {

// In (0, 1].
double uniform(base::Prng& prng) { return (static_cast<double>(prng.next() >> 11) + 1) * 0x1p-53; }

// The natural logarithm from operations that IEEE 754 rounds exactly: the C library's differs in the last bit between
// processors, and runs must not. log(2^e m) = e log 2 + 2 artanh((m - 1) / (m + 1)), good to 1e-13 for these m.
double logarithm(double x) {
    constexpr double kLog2 = 0.693147180559945309;
    constexpr double kRootOfHalf = 0.707106781186547524;
    constexpr int kLastTerm = 17;
    int exponent = 0;
    double mantissa = std::frexp(x, &exponent);  // from 1/2 to 1
    if (mantissa < kRootOfHalf) {
        mantissa *= 2;
        --exponent;
    }
    const double s = (mantissa - 1) / (mantissa + 1);
    const double square = s * s;
    double sum = 0;
    for (int term = kLastTerm; term >= 1; term -= 2) sum = sum * square + 1.0 / term;
    return exponent * kLog2 + 2 * s * sum;
}

// A Pareto distribution with index 2 has twice its least value as mean, and no variance, so it is cut.
double heavy(base::Prng& prng) {
    constexpr double kLongest = 1000;
    return std::min(0.5 / std::sqrt(uniform(prng)), kLongest);
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
            factor = -logarithm(uniform(prng));
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
