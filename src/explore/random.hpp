// Uniform random choices: at each choice point every alternative is equally likely.
#pragma once

#include "base/prng.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

class RandomSearch final : public Strategy {
  public:
    explicit RandomSearch(uint64_t seed) : prng_(seed) {}

    size_t choose(const trace::ChoicePoint& point) override {
        return take(point, static_cast<size_t>(prng_.below(point.alternatives.size())));
    }
    bool begin_execution() override {
        schedule_.clear();
        return true;
    }
    void end_execution(const trace::ExecutionSummary&) override {}
    bool is_complete() const override { return false; }

  private:
    base::Prng prng_;
};

}  // namespace kloom::explore
