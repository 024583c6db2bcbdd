// PosPicker: partial order sampling (Yuan, Yang, Gu 2018, "Partial order aware concurrency
// sampling").
//
// Each pending step has a random priority and the highest steps. Then it, and every other pending
// step that races with it, draw again: of steps that do not race, the order is no matter, so no
// randomness is spent on it.
#pragma once

#include "explore/priorities.hpp"
#include "explore/random.hpp"

namespace kloom::explore {

class PosPicker final : public Picker {
  public:
    void begin_execution(base::Prng prng, uint32_t, uint32_t) override {
        priorities_.begin_execution(prng);
    }

    size_t pick(const trace::ChoicePoint& point) override {
        const size_t best = priorities_.highest(point);
        const trace::Alternative& chosen = point.alternatives[best];
        for (size_t index = 0; index < point.alternatives.size(); ++index) {
            const trace::Alternative& other = point.alternatives[index];
            if (index != best && races(other.footprint, chosen.footprint))
                priorities_.draw_again(priorities_.of(other));
        }
        priorities_.forget(chosen);
        return best;
    }

  private:
    static bool races(const trace::Footprint& a, const trace::Footprint& b) {
        using trace::Scope;
        const auto is_place = [](const trace::Footprint& footprint) {
            return footprint.scope == Scope::Memory || footprint.scope == Scope::Object;
        };
        if (!is_place(a) || !is_place(b) || (!a.is_write && !b.is_write)) return false;
        return a.address < b.address + b.size && b.address < a.address + a.size;
    }

    Priorities priorities_;
};

}  // namespace kloom::explore
