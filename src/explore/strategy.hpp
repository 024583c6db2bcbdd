// Strategy: a Chooser that knows when an execution begins and ends, and when the search is over.
//
// Each strategy is one file. The session runs `while (strategy.begin_execution()) { machine.run(...); end_execution(); }`.
#pragma once

#include <cstdint>

#include "trace/choice.hpp"
#include "trace/schedule.hpp"

namespace kloom::explore {

class Strategy : public trace::Chooser {
  public:
    // Prepares the next execution; false when there is none left.
    virtual bool begin_execution() = 0;
    virtual void end_execution(const trace::ExecutionSummary& summary) = 0;

    // All executions of its space have been run.
    virtual bool is_complete() const = 0;
    // Complete, and nothing of the program's whole space lies outside the strategy's space.
    virtual bool is_exhaustive() const { return is_complete(); }
    // The same prefix of choices led to different alternatives: the program under test is not deterministic, or kloom is
    // wrong. The search cannot go on.
    bool has_diverged() const { return has_diverged_; }

    // The deviations of the execution at hand, or of the last one.
    const trace::Schedule& schedule() const { return schedule_; }

  protected:
    // Records the chosen alternative if it is not the default.
    size_t take(const trace::ChoicePoint& point, size_t index) {
        if (index != 0)
            schedule_.push_back({point.position, point.alternatives[index].choice, point.alternatives[index].cost});
        return index;
    }

    trace::Schedule schedule_;
    bool has_diverged_ = false;
};

}  // namespace kloom::explore
