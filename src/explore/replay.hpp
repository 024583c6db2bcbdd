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
    explicit Replay(trace::Schedule wanted, ReplayMode mode = ReplayMode::Exact) : wanted_(std::move(wanted)), mode_(mode) {}

    size_t choose(const trace::ChoicePoint& point) override;
    uint64_t forced_position() const override;
    bool begin_execution() override;
    void end_execution(const trace::ExecutionSummary& summary) override;
    bool is_complete() const override { return has_run_; }
    bool is_exhaustive() const override { return false; }

    // Exact replay only: all deviations were taken where they belong.
    bool fits() const { return fits_; }

  private:
    trace::Schedule wanted_;
    ReplayMode mode_;
    size_t next_ = 0;
    bool has_run_ = false;
    bool fits_ = true;
};

}  // namespace kloom::explore
