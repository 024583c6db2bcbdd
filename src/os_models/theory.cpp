#include "os_models/theory.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace kloom::os_models {

// P(k at the server) is proportional to N! / (N - k)! (S / Z)^k. Mean value analysis (Reiser and Lavenberg 1980) gives
// the same without large numbers: who arrives finds the queue of a system with one customer less.
double machine_repairman_throughput(uint32_t customers, double compute_ns, double service_ns) {
    double queue = 0, per_ns = 0;
    for (uint32_t n = 1; n <= customers; ++n) {
        const double response_ns = service_ns * (1 + queue);
        per_ns = n / (compute_ns + response_ns);
        queue = per_ns * response_ns;
    }
    return per_ns * 1e9;
}

double speed_up_bound(uint32_t cpus, double serial) {
    return serial > 0 ? std::min<double>(cpus, 1 / serial) : cpus;
}

double confidence_half_width(const double* values, uint32_t count) {
    // The 0.975 quantiles of Student's t for 1, 2, ... degrees of freedom.
    static constexpr std::array kQuantiles = {12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228,
                                              2.201,  2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086,
                                              2.080,  2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042};
    if (count < 2) return 0;
    double mean = 0, squares = 0;
    for (uint32_t i = 0; i < count; ++i) mean += values[i] / count;
    for (uint32_t i = 0; i < count; ++i) squares += (values[i] - mean) * (values[i] - mean);
    // Beyond them they are that of the normal distribution and a first correction (Abramowitz and Stegun, 26.7.5).
    const double quantile = count - 2 < kQuantiles.size() ? kQuantiles[count - 2] : 1.96 + 2.372 / (count - 1);
    return quantile * std::sqrt(squares / (count - 1) / count);
}

}  // namespace kloom::os_models
