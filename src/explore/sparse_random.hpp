// Undisturbed executions with a few random deviations.
//
// Execution n has 1 + n mod `deviations_max` deviations, at choice points picked uniformly from
// those that the execution before had. A bug that needs d deviations among k points is met with a
// chance of at least 1/(k^d a^d) per execution, a being the alternatives at a point (as PCT's
// bound, Burckhardt et al. 2010, for a fixed order of threads); a bug that shows at many places, as
// in a loop, much sooner than by going through all schedules in order.
#pragma once

#include <algorithm>
#include <vector>

#include "base/prng.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

class SparseRandomSearch final : public Strategy {
  public:
    SparseRandomSearch(uint64_t seed, int deviations_max)
        : prng_(seed), deviations_max_(static_cast<uint64_t>(deviations_max)) {}

    size_t choose(const trace::ChoicePoint& point) override {
        const bool deviates =
            next_ != deviation_points_.size() && points_ == deviation_points_[next_];
        ++points_;
        if (!deviates) return 0;
        while (next_ != deviation_points_.size() && deviation_points_[next_] < points_) ++next_;
        return take(point, 1 + static_cast<size_t>(prng_.below(point.alternatives.size() - 1)));
    }

    bool begin_execution() override {
        schedule_.clear();
        deviation_points_.clear();
        next_ = 0;
        const uint64_t count = points_ == 0 ? 0 : 1 + executions_ % deviations_max_;
        for (uint64_t i = 0; i < count; ++i) deviation_points_.push_back(prng_.below(points_));
        std::sort(deviation_points_.begin(), deviation_points_.end());
        points_ = 0;
        ++executions_;
        return true;
    }

    void end_execution(const trace::ExecutionSummary&) override {}
    bool is_complete() const override { return false; }

  private:
    base::Prng prng_;
    uint64_t deviations_max_;
    uint64_t executions_ = 0;
    uint64_t points_ = 0;  // choice points of this execution so far; at its beginning, of the last
    std::vector<uint64_t> deviation_points_;  // sorted
    size_t next_ = 0;                         // index into them
};

}  // namespace kloom::explore
