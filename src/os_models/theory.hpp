// What queueing theory says exactly, to hold the simulator against.
#pragma once

#include <cstdint>

namespace kloom::os_models {

// The machine repairman (M/M/1//N; Kleinrock, Queueing Systems I, 3.8): `customers` compute for an exponential time,
// then need one server for an exponential time. Rounds per second of all together.
double machine_repairman_throughput(uint32_t customers, double compute_ns, double service_ns);

// At most this many times faster with `cpus`, when the share `serial` of the work is done by one CPU at a time: the
// bound that Amdahl's law tends to. (The law itself is about one job whose serial part nothing else overlaps.)
double speed_up_bound(uint32_t cpus, double serial);

// Half the width of the 95 % confidence interval of a mean, by Student's t. 0 for one value.
double confidence_half_width(const double* values, uint32_t count);

}  // namespace kloom::os_models
