// Depth-first search over all schedules whose cost does not exceed a bound.
//
// The cost of a schedule is the number of times it departs from what an undisturbed machine does: it preempts a path that
// could go on, lets an interrupt or a timer in, migrates a task, postpones an event. Most concurrency bugs need few
// (Musuvathi, Qadeer 2007, "Iterative context bounding"); the session iterates the bound.
#pragma once

#include <optional>
#include <vector>

#include "explore/branch_part.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

class BoundedSearch final : public Strategy {
  public:
    explicit BoundedSearch(int bound) : bound_(bound) {}

    size_t choose(const trace::ChoicePoint& point) override;
    bool begin_execution() override;
    void end_execution(const trace::ExecutionSummary& summary) override;
    bool is_complete() const override { return is_complete_; }
    bool leaves_something_out() const override { return bound_was_hit_; }
    double progress() const override;
    std::vector<Part> split() override;
    void take_part(const Part& part) override;
    int bound() const { return bound_; }

  private:
    // A choice point of the current branch at which the bound leaves a choice: most points have none, since they come after
    // the last deviation. Costs are kept in one array for the whole branch.
    struct Node {
        uint64_t position;
        uint32_t first_cost;    // index into costs_
        uint16_t alternatives;
        uint16_t chosen;
        int cost_before;
    };

    bool leaves_choice(const trace::ChoicePoint& point) const;
    std::optional<uint16_t> next_alternative(const Node& node);

    int bound_;
    BranchPart part_;
    std::vector<Node> branch_;
    std::vector<uint8_t> costs_;
    size_t depth_ = 0;
    int cost_ = 0;
    bool is_complete_ = false;
    bool bound_was_hit_ = false;
};

}  // namespace kloom::explore
