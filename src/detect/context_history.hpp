// ContextHistory: where each path switched off preemption, softirqs and interrupts, and has not
// switched them on again.
//
// Notified after the detectors: at a ContextChange they see the history before it.
#pragma once

#include <vector>

#include "detect/path_table.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class ContextHistory final : public trace::Observer {
  public:
    uint64_t interests() const override;
    void begin_execution() override { paths_.begin_execution(); }
    void on_event(const trace::Event& event) override;

    // The outermost change that still keeps `path` from sleeping; unknown for what a handler
    // inherits.
    Site outermost(trace::PathId path) const;
    // The change that first made the context differ from what it was after event `since`; unknown
    // if there is none.
    Site first_since(trace::PathId path, uint64_t since) const;
    // Where interrupts were switched off, and when.
    Site irqs_off(trace::PathId path) const;

  private:
    struct Raise {
        uint32_t count_before = 0;  // preempt_count
        Site site;
    };
    struct State {
        std::vector<Raise> raises;  // of preempt_count, outermost first
        Site irqs_off;              // unknown while they are on
        Site last_change;

        void clear() {
            raises.clear();
            irqs_off = last_change = {};
        }
    };

    PathTable<State> paths_;
};

// The two halves of a ContextChange's value.
inline uint32_t old_preempt_count(const trace::Event& event) {
    return static_cast<uint32_t>(event.value);
}
inline bool old_irqs_disabled(const trace::Event& event) {
    return (event.value >> 32) != 0;
}

}  // namespace kloom::detect
