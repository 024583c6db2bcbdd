// RandomStrategy: executions 0, 1, 2, ..., each with random numbers of its own.
//
// Execution n is determined by the seed and n alone, so whoever runs it gets the same, and a part
// is a range of numbers.
#pragma once

#include <limits>

#include "base/prng.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

class RandomStrategy : public Strategy {
  public:
    explicit RandomStrategy(uint64_t seed) : seed_(seed), prng_(seed) {}

    bool begin_execution() override {
        if (is_complete()) return false;
        schedule_.clear();
        prng_ = base::Prng(base::Prng(seed_).next() ^ base::Prng(next_).next());
        ++next_;
        return true;
    }
    void end_execution(const trace::ExecutionSummary&) override {}
    // A range of numbers can come to its end; random executions never say anything about all.
    bool is_complete() const override { return next_ == end_; }
    bool leaves_something_out() const override { return true; }

    std::vector<Part> split() override {
        constexpr uint32_t kPartsMax = 8;
        constexpr uint32_t kExecutionsPerPart = 64;
        std::vector<Part> parts;
        while (parts.size() + 1 < kPartsMax && end_ - next_ > kExecutionsPerPart) {
            parts.push_back({next_, next_ + kExecutionsPerPart});
            next_ += kExecutionsPerPart;
        }
        parts.push_back({next_, end_});
        next_ = end_;
        return parts;
    }
    void take_part(const Part& part) override {
        next_ = part[0];
        end_ = part[1];
    }

  protected:
    base::Prng& prng() { return prng_; }
    uint32_t execution() const { return next_ - 1; }

  private:
    uint64_t seed_;
    base::Prng prng_;  // of the execution at hand
    uint32_t next_ = 0;
    uint32_t end_ = std::numeric_limits<uint32_t>::max();
};

}  // namespace kloom::explore
