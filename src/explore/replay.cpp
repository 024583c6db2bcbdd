#include "explore/replay.hpp"

namespace kloom::explore {

bool Replay::begin_execution() {
    next_ = 0;
    schedule_.clear();
    fits_ = true;
    return !std::exchange(has_run_, true);
}

uint64_t Replay::forced_position() const {
    return next_ < wanted_.size() ? wanted_[next_].position : ~uint64_t{0};
}

size_t Replay::choose(const trace::ChoicePoint& point) {
    if (point.position >= end_) return kAbandon;
    while (next_ < wanted_.size() && point.position >= wanted_[next_].position) {
        const trace::Choice& choice = wanted_[next_].choice;
        for (size_t index = 0; index < point.alternatives.size(); ++index) {
            if (point.alternatives[index].choice != choice) continue;
            ++next_;
            return take(point, index);
        }
        if (mode_ == ReplayMode::Exact) {
            fits_ = false;
            ++next_;
            continue;
        }
        // Tolerant: keep looking, unless the next one is due as well.
        if (next_ + 1 >= wanted_.size() || point.position < wanted_[next_ + 1].position) break;
        ++next_;
    }
    return 0;
}

void Replay::end_execution(const trace::ExecutionSummary&) {
    if (next_ < wanted_.size()) fits_ = false;
}

}  // namespace kloom::explore
