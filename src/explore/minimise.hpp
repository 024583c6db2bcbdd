// Minimisation: the fewest deviations that still show a finding.
#pragma once

#include <functional>
#include <optional>

#include "trace/schedule.hpp"

namespace kloom::explore {

// Runs a candidate (tolerantly) and returns the schedule that it really took when the finding showed, nothing otherwise.
using Attempt = std::function<std::optional<trace::Schedule>(const trace::Schedule&)>;

// Drops deviations, largest groups first, then one by one until none can go (ddmin, Zeller and Hildebrandt 2002, with
// complements only). A candidate is simpler when it costs less, then when it has fewer deviations: a preemption less is
// worth more than a reordering less. Makes at most `attempts_max` attempts. `schedule` must show the finding.
trace::Schedule minimise(trace::Schedule schedule, const Attempt& attempt, int attempts_max);

}  // namespace kloom::explore
