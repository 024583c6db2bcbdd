// Strategy: a Chooser that knows when an execution begins and ends, and when the search is over.
//
// Each strategy is one file. The session runs `while (strategy.begin_execution()) {
// machine.run(...); end_execution(); }`. What is left of a strategy's space can be split into
// parts, which strategies of the same kind in other processes go through.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/choice.hpp"
#include "trace/schedule.hpp"

namespace kloom::explore {

// Some executions that follow one another in the order of a search. Only the kind of strategy that
// made it can read it.
using Part = std::vector<uint32_t>;

class Strategy : public trace::Chooser {
  public:
    // Prepares the next execution; false when there is none left.
    virtual bool begin_execution() = 0;
    virtual void end_execution(const trace::ExecutionSummary& summary) = 0;

    // All executions of its space, or part, have been run.
    virtual bool is_complete() const = 0;
    // Something of the program's whole space lies outside the strategy's space, as far as was seen.
    virtual bool leaves_something_out() const { return false; }
    bool is_exhaustive() const { return is_complete() && !leaves_something_out(); }
    // The same prefix of choices led to different alternatives: the program under test is not
    // deterministic, or kloom is wrong. The search cannot go on.
    bool has_diverged() const { return has_diverged_; }

    // Between executions: an estimate of the share of its whole space that lies behind, parts of
    // others included. 0 when nothing is known.
    virtual double progress() const { return 0; }

    // Between executions, when it is not complete: what is left, in its order; the strategy itself
    // is done then. None when it cannot be divided.
    virtual std::vector<Part> split() { return {}; }
    // Starts afresh, to run this part and no more.
    virtual void take_part(const Part&) {}

    // The deviations of the execution at hand, or of the last one.
    const trace::Schedule& schedule() const { return schedule_; }

  protected:
    // Records the chosen alternative if it is not the default.
    size_t take(const trace::ChoicePoint& point, size_t index) {
        if (index != 0)
            schedule_.push_back(
                {point.position, point.alternatives[index].choice, point.alternatives[index].cost});
        return index;
    }

    trace::Schedule schedule_;
    bool has_diverged_ = false;
};

}  // namespace kloom::explore
