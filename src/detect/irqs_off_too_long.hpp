// IrqsOffTooLong: interrupts kept off for more than a second of virtual time (a delay in a critical
// region). Timers, input and the other CPUs' requests wait for as long; with ten times as much
// Linux's watchdogs report a lock-up.
#pragma once

#include "detect/detectors.hpp"
#include "detect/path_table.hpp"
#include "detect/site.hpp"

namespace kloom::detect {

class IrqsOffTooLong final : public trace::Observer {
  public:
    explicit IrqsOffTooLong(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::ContextChange);
    }
    void begin_execution() override { paths_.begin_execution(); }
    void on_event(const trace::Event& event) override;

  private:
    struct State {
        Site since;  // unknown while interrupts are on
        trace::VirtualTime time = 0;

        void clear() { *this = {}; }
    };
    void report(const trace::Event& event, const State& state);

    DetectorContext context_;
    PathTable<State> paths_;
};

}  // namespace kloom::detect
