// Leaks: what is left of a module after its unload.
//
// Memory that its code allocated and did not free is a leak, one finding per place of allocation.
// What could still call its code or is still known to the kernel (threads, timers, work,
// interrupts, /proc entries, devices) is left running: the next use jumps into memory that is gone.
#pragma once

#include <vector>

#include "detect/detectors.hpp"

namespace kloom::detect {

class Leaks final : public trace::Observer {
  public:
    explicit Leaks(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::ModuleGone, trace::EventKind::Leftover);
    }
    void on_event(const trace::Event& event) override;

  private:
    void on_gone();
    void report_leak(const trace::HeapObject& first, uint64_t count, uint64_t bytes);
    void on_leftover(const trace::Event& event);

    DetectorContext context_;
    std::vector<const trace::HeapObject*> lost_;  // kept for its capacity
};

}  // namespace kloom::detect
