// Replay: one execution by a given schedule.
//
// Exact replay takes each deviation at its position and reports a misfit when the machine offers something else there.
// Tolerant replay serves minimisation: when earlier deviations were dropped, positions shift, so a deviation is taken at
// the first point at or after its position that offers it; what cannot be taken is left out.
#pragma once

#include "explore/strategy.hpp"

namespace kloom::explore {

enum class ReplayMode : uint8_t { Exact, Tolerant };

class Replay final : public Strategy {
  public:
    static constexpr uint64_t kNoEnd = ~uint64_t{0};

    explicit Replay(trace::Schedule wanted, ReplayMode mode = ReplayMode::Exact) : wanted_(std::move(wanted)), mode_(mode) {}
    // Exact, and abandons the execution at a position, as the strategy did that made the schedule.
    Replay(trace::Schedule wanted, uint64_t end) : wanted_(std::move(wanted)), end_(end) {}

    size_t choose(const trace::ChoicePoint& point) override;
    bool sees_every_step() const override { return end_ != kNoEnd; }
    uint64_t forced_position() const override;
    bool begin_execution() override;
    void end_execution(const trace::ExecutionSummary& summary) override;
    bool is_complete() const override { return has_run_; }
    bool leaves_something_out() const override { return true; }

    // Exact replay only: all deviations were taken where they belong.
    bool fits() const { return fits_; }

  private:
    trace::Schedule wanted_;
    ReplayMode mode_ = ReplayMode::Exact;
    uint64_t end_ = kNoEnd;
    size_t next_ = 0;
    bool has_run_ = false;
    bool fits_ = true;
};

}  // namespace kloom::explore
