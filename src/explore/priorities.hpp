// Priorities: random numbers for whatever may go on at a choice point.
//
// What steps is a path; interrupts and timers that may come, and tasks that may migrate, are
// each something of their own until that has happened. A preemption is the step of the task that
// gets the CPU.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/prng.hpp"
#include "trace/choice.hpp"

namespace kloom::explore {

class Priorities {
  public:
    void begin_execution(base::Prng prng) {
        prng_ = prng;
        entries_.clear();
        seen_ = 0;
    }

    // A new one is higher than all that lower() gave out.
    uint64_t& of(const trace::Alternative& alternative) {
        const Key key = key_of(alternative);
        const auto entry = std::find_if(entries_.begin(), entries_.end(),
                                        [&](const Entry& one) { return one.key == key; });
        if (entry != entries_.end()) return entry->priority;
        ++seen_;
        entries_.push_back({key, prng_.next() | kInitial});
        return entries_.back().priority;
    }
    // It gets a new one when it is asked for next.
    void forget(const trace::Alternative& alternative) {
        const Key key = key_of(alternative);
        std::erase_if(entries_, [&](const Entry& one) { return one.key == key; });
    }
    void draw_again(uint64_t& priority) { priority = prng_.next() | kInitial; }

    size_t highest(const trace::ChoicePoint& point) {
        size_t best = 0;
        uint64_t best_priority = 0;
        for (size_t index = 0; index < point.alternatives.size(); ++index) {
            const uint64_t priority = of(point.alternatives[index]);
            if (index != 0 && priority <= best_priority) continue;
            best = index;
            best_priority = priority;
        }
        return best;
    }

    // How many different ones there have been in this execution.
    uint32_t seen() const { return seen_; }

  private:
    static constexpr uint64_t kInitial = uint64_t{1} << 63;

    struct Key {
        trace::ChoiceKind kind;
        uint32_t what;
        uint32_t where;
        friend bool operator==(const Key&, const Key&) = default;
    };
    struct Entry {
        Key key;
        uint64_t priority;
    };

    static Key key_of(const trace::Alternative& alternative) {
        using trace::ChoiceKind;
        const trace::Choice& choice = alternative.choice;
        if (choice.kind == ChoiceKind::Step || choice.kind == ChoiceKind::Preempt)
            return {ChoiceKind::Step, alternative.path.value, 0};
        return {choice.kind, choice.argument, choice.cpu.value};
    }

    base::Prng prng_{0};
    std::vector<Entry> entries_;  // few
    uint32_t seen_ = 0;
};

}  // namespace kloom::explore
