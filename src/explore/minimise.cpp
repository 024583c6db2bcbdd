#include "explore/minimise.hpp"

#include <algorithm>

namespace kloom::explore {
namespace {

int total_cost(const trace::Schedule& schedule) {
    int cost = 0;
    for (const trace::Deviation& deviation : schedule) cost += deviation.cost;
    return cost;
}

bool is_simpler(const trace::Schedule& a, const trace::Schedule& b) {
    const int cost_a = total_cost(a);
    const int cost_b = total_cost(b);
    return cost_a != cost_b ? cost_a < cost_b : a.size() < b.size();
}

trace::Schedule without(const trace::Schedule& schedule, size_t begin, size_t count) {
    trace::Schedule rest(schedule.begin(), schedule.begin() + static_cast<ptrdiff_t>(begin));
    rest.insert(rest.end(),
                schedule.begin() + static_cast<ptrdiff_t>(std::min(begin + count, schedule.size())),
                schedule.end());
    return rest;
}

}  // namespace

trace::Schedule minimise(trace::Schedule schedule, const Attempt& attempt, int attempts_max) {
    size_t chunk = schedule.size();
    while (chunk != 0 && attempts_max > 0) {
        bool progress = false;
        for (size_t begin = 0; begin < schedule.size() && attempts_max > 0;) {
            --attempts_max;
            const std::optional<trace::Schedule> taken = attempt(without(schedule, begin, chunk));
            if (taken.has_value() && is_simpler(*taken, schedule)) {
                schedule = *taken;
                progress = true;
            } else {
                begin += chunk;
            }
        }
        if (!progress || chunk > schedule.size()) chunk = chunk == 1 && progress ? 1 : chunk / 2;
    }
    return schedule;
}

}  // namespace kloom::explore
