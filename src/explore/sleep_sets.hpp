// Unbounded depth-first search with sleep sets: every interleaving up to equivalence, each class at least once.
//
// After all schedules that continue with alternative `a` at some point have been explored, `a` sleeps in the branches of
// its siblings until a step is taken that conflicts with it: schedules that only differ by when the independent `a`
// happened are equivalent (Godefroid 1996, chapter 5). Steps are compared by their footprints. Dynamic partial-order
// reduction will stand on the same interface.
#pragma once

#include <optional>
#include <vector>

#include "explore/branch_part.hpp"
#include "explore/strategy.hpp"

namespace kloom::explore {

class SleepSetSearch final : public Strategy {
  public:
    size_t choose(const trace::ChoicePoint& point) override;
    bool sees_every_step() const override { return true; }
    bool begin_execution() override;
    void end_execution(const trace::ExecutionSummary& summary) override;
    bool is_complete() const override { return is_complete_; }
    double progress() const override;
    std::vector<Part> split() override;
    void take_part(const Part& part) override;

  private:
    struct Node {
        std::vector<trace::Alternative> alternatives;
        std::vector<trace::Alternative> sleep;  // on entry, then the siblings already explored
        size_t chosen = 0;
    };

    static bool is_asleep(const Node& node, const trace::Alternative& alternative);
    static std::optional<uint32_t> first_awake(const Node& node, size_t from);
    void inherit_sleep(const Node& parent, Node& child) const;
    std::optional<uint32_t> next_at(size_t depth) const;

    BranchPart part_;

    std::vector<Node> branch_;  // grows only; nodes above `size_` keep their memory for reuse
    size_t size_ = 0;
    size_t depth_ = 0;
    bool is_complete_ = false;
};

}  // namespace kloom::explore
