// RandomSearch: executions 0, 1, 2, ..., each with random choices of its own.
//
// Execution n is determined by the seed and n alone, so whoever runs it gets the same, and a part
// is a range of numbers. How it chooses is up to pickers, which take turns.
#pragma once

#include <limits>
#include <memory>
#include <vector>

#include "base/prng.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

// One way to choose at random.
class Picker {
  public:
    virtual ~Picker() = default;
    // A new execution. `turn` counts those of this picker; `points` is about how many choice points
    // an execution has, 0 when none has been run yet.
    virtual void begin_execution(base::Prng prng, uint32_t turn, uint32_t points) = 0;
    virtual size_t pick(const trace::ChoicePoint& point) = 0;
};

class RandomSearch final : public Strategy {
  public:
    RandomSearch(uint64_t seed, std::vector<std::unique_ptr<Picker>> pickers)
        : seed_(seed), pickers_(std::move(pickers)) {}

    size_t choose(const trace::ChoicePoint& point) override {
        ++points_now_;
        const size_t index = picker_->pick(point);
        return take(point, index);
    }
    bool sees_every_step() const override { return true; }
    bool begin_execution() override {
        if (is_complete()) return false;
        schedule_.clear();
        points_now_ = 0;
        const auto pickers = static_cast<uint32_t>(pickers_.size());
        picker_ = pickers_[next_ % pickers].get();
        const base::Prng prng(base::Prng(seed_).next() ^ base::Prng(next_).next());
        picker_->begin_execution(prng, next_ / pickers, points_);
        return true;
    }
    void end_execution(const trace::ExecutionSummary&) override {
        if (next_++ == 0) points_ = points_now_;
    }
    // A range of numbers can come to its end; random executions never say anything about all.
    bool is_complete() const override { return next_ == end_; }
    bool leaves_something_out() const override { return true; }

    std::vector<Part> split() override {
        constexpr uint32_t kPartsMax = 8;
        constexpr uint32_t kExecutionsPerPart = 64;
        std::vector<Part> parts;
        while (parts.size() + 1 < kPartsMax && end_ - next_ > kExecutionsPerPart) {
            parts.push_back({next_, next_ + kExecutionsPerPart, points_});
            next_ += kExecutionsPerPart;
        }
        parts.push_back({next_, end_, points_});
        next_ = end_;
        return parts;
    }
    void take_part(const Part& part) override {
        next_ = part[0];
        end_ = part[1];
        points_ = part[2];
    }

  private:
    uint64_t seed_;
    std::vector<std::unique_ptr<Picker>> pickers_;
    Picker* picker_ = nullptr;  // of the execution at hand
    uint32_t next_ = 0;
    uint32_t end_ = std::numeric_limits<uint32_t>::max();
    uint32_t points_ = 0;  // of execution 0
    uint32_t points_now_ = 0;
};

// At each choice point every alternative is equally likely.
class UniformPicker final : public Picker {
  public:
    void begin_execution(base::Prng prng, uint32_t, uint32_t) override { prng_ = prng; }
    size_t pick(const trace::ChoicePoint& point) override {
        return static_cast<size_t>(prng_.below(point.alternatives.size()));
    }

  private:
    base::Prng prng_{0};
};

}  // namespace kloom::explore
