#include "explore/pct.hpp"

#include <algorithm>
#include <cmath>

namespace kloom::explore {

using trace::ChoiceKind;

void PctPicker::begin_execution(base::Prng prng, uint32_t turn, uint32_t points) {
    point_ = 0;
    lowest_ = uint64_t{1} << 62;
    range_ = kLengthSlack * points;
    changes_.clear();
    if (points != 0)
        for (uint32_t change = 0; change < turn % kDepthMax; ++change)
            changes_.push_back(static_cast<uint32_t>(prng.below(range_)));
    priorities_.begin_execution(prng);
}

void PctPicker::let_others_go_first(const trace::ChoicePoint& point) {
    const auto is_step = [](const trace::Alternative& alternative) {
        return alternative.choice.kind == ChoiceKind::Step;
    };
    const trace::Alternative& first = point.alternatives[0];
    // The default is to go on with it, unless its time is over.
    const bool running_is_late = is_step(first) && first.path != point.running;
    for (const trace::Alternative& alternative : point.alternatives)
        if (is_step(alternative) && (alternative.is_spinning ||
                                     (running_is_late && alternative.path == point.running)))
            priorities_.of(alternative) = --lowest_;
}

size_t PctPicker::pick(const trace::ChoicePoint& point) {
    let_others_go_first(point);
    size_t best = priorities_.highest(point);
    for (auto changes = std::count(changes_.begin(), changes_.end(), point_); changes != 0;
         --changes) {
        priorities_.of(point.alternatives[best]) = --lowest_;
        best = priorities_.highest(point);
    }
    ++point_;
    if (space_ != nullptr) {
        space_->paths = std::max(space_->paths, priorities_.seen());
        space_->points = std::max(space_->points, range_);
    }
    const trace::Alternative& chosen = point.alternatives[best];
    if (chosen.choice.kind != ChoiceKind::Step && chosen.choice.kind != ChoiceKind::Preempt)
        priorities_.forget(chosen);  // the next one is another
    return best;
}

double pct_miss_chance(uint64_t executions, uint32_t depth, const PctSpace& space) {
    if (space.paths == 0 || space.points == 0) return 1;
    const double chance = 1 / (space.paths * std::pow(space.points, depth - 1));
    return std::exp(static_cast<double>(executions) * std::log1p(-std::min(chance, 1.0)));
}

}  // namespace kloom::explore
