// round_jiffies(): timers that need no exact time expire at full seconds, so that a CPU wakes once for all of them. Each CPU
// has its own full second, three ticks after that of the CPU before it, so that they do not all wake at once.

#include <climits>

#include "kernel/time/clock.hpp"

#include <linux/jiffies.h>
#include <linux/timer.h>

using namespace kloom::kernel;

namespace {

constexpr unsigned long kTicksBetweenCpus = 3;

enum class Rounding { Nearest, Up };

// A time less than a quarter past the second counts as nearest to it. A result that is not in the future is of no use.
unsigned long round_to_second(unsigned long time, Rounding rounding) {
    const unsigned long skew = machine().cpu().value * kTicksBetweenCpus;
    const unsigned long past_second = (time + skew) % HZ;
    const bool goes_down = past_second < HZ / 4 && rounding == Rounding::Nearest;
    const unsigned long rounded = goes_down ? time - past_second : time - past_second + HZ;
    return static_cast<long>(rounded - current_jiffies()) > 0 ? rounded : time;
}

unsigned long round_distance(unsigned long distance, Rounding rounding) {
    return round_to_second(current_jiffies() + distance, rounding) - current_jiffies();
}

}  // namespace

extern "C" {

unsigned long round_jiffies(unsigned long j) { return round_to_second(j, Rounding::Nearest); }
unsigned long round_jiffies_up(unsigned long j) { return round_to_second(j, Rounding::Up); }
unsigned long round_jiffies_relative(unsigned long j) { return round_distance(j, Rounding::Nearest); }
unsigned long round_jiffies_up_relative(unsigned long j) { return round_distance(j, Rounding::Up); }

}  // extern "C"
