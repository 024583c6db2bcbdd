// Between virtual time and the kernel's clocks: ticks (jiffies) and the clocks of clockid_t.
#pragma once

#include <cstdint>

#include "kernel/kernel.hpp"

namespace kloom::kernel {

// Real time at boot: 1 January 2024, 00:00 UTC.
inline constexpr uint64_t kBootRealTimeNs = 1'704'067'200ull * trace::kNanosecondsPerSecond;
// International atomic time is that many seconds ahead of UTC.
inline constexpr uint64_t kTaiOffsetNs = 37ull * trace::kNanosecondsPerSecond;

// jiffies and jiffies_64 follow the machine's clock.
void update_jiffies(VirtualTime now);
unsigned long current_jiffies();
// When `jiffies` becomes this value; a value of the past gives a time of the past.
VirtualTime time_of_jiffies(unsigned long value);

// What the clock shows minus the machine's time; 0 for a clock that is not one of CLOCK_*.
uint64_t clock_offset(int clock);

}  // namespace kloom::kernel
