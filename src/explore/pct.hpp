// PctPicker: random priorities with few changes (Burckhardt, Kothari, Musuvathi, Nagarakatte 2010,
// "A randomized scheduler with probabilistic guarantees of finding bugs").
//
// The path with the highest priority steps; at d - 1 random points the one that would step gets a
// priority below all others. A defect of depth d, that is one that shows whenever d steps come in
// a certain order, is met in an execution with a chance of at least 1 / (n k^(d-1)), n being the
// number of paths and k that of choice points. Turns have the depths 1, 2, 3, 1, 2, ...
//
// A path in a spin loop, or one that has run on for long, goes below all others as well: it would
// keep what it waits for from happening. The guarantee does not cover the orders that this rules
// out.
#pragma once

#include "explore/priorities.hpp"
#include "explore/random.hpp"

namespace kloom::explore {

// How large the space is that the guarantee depends on, as far as was seen.
struct PctSpace {
    uint32_t paths = 0;
    uint32_t points = 0;
};

class PctPicker final : public Picker {
  public:
    // `space` is kept up to date; it may be null.
    explicit PctPicker(PctSpace* space = nullptr) : space_(space) {}

    static constexpr uint32_t kDepthMax = 3;
    // Executions differ in length: changes happen within so many times the length of one.
    static constexpr uint32_t kLengthSlack = 2;

    void begin_execution(base::Prng prng, uint32_t turn, uint32_t points) override;
    size_t pick(const trace::ChoicePoint& point) override;

  private:
    void let_others_go_first(const trace::ChoicePoint& point);

    Priorities priorities_;
    std::vector<uint32_t> changes_;  // points before which a priority changes, not sorted
    PctSpace* space_;
    uint32_t range_ = 0;  // of the points at which changes happen
    uint32_t point_ = 0;
    uint64_t lowest_ = 0;
};

// The chance that so many executions of a depth miss a defect of that depth.
double pct_miss_chance(uint64_t executions, uint32_t depth, const PctSpace& space);

}  // namespace kloom::explore
