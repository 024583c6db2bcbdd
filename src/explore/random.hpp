// Uniform random choices: at each choice point every alternative is equally likely.
#pragma once

#include "explore/random_strategy.hpp"

namespace kloom::explore {

class RandomSearch final : public RandomStrategy {
  public:
    explicit RandomSearch(uint64_t seed) : RandomStrategy(seed) {}

    size_t choose(const trace::ChoicePoint& point) override {
        return take(point, static_cast<size_t>(prng().below(point.alternatives.size())));
    }
};

}  // namespace kloom::explore
