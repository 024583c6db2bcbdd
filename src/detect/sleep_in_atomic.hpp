// SleepInAtomic: a function that may sleep, called where sleeping is forbidden: with preemption or
// interrupts off, under a spinlock, in an interrupt or softirq handler, inside an RCU read-side
// section.
//
// It is an error even when the function did not sleep this time (kmalloc with GFP_KERNEL under a
// spinlock): Linux prints "BUG: sleeping function called from invalid context", and under memory
// pressure the machine hangs. Only a sleeping lock taken in a handler is a warning as long as
// nobody holds it.
#pragma once

#include "detect/context_history.hpp"
#include "detect/detectors.hpp"
#include "detect/lock_tracker.hpp"

namespace kloom::detect {

class SleepInAtomic final : public trace::Observer {
  public:
    SleepInAtomic(const DetectorContext& context, const ContextHistory& history,
                  const LockTracker& locks)
        : context_(context), history_(history), locks_(locks) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::MightSleep, trace::EventKind::PathBlock);
    }
    void on_event(const trace::Event& event) override;

  private:
    // Why the path may not sleep; null when it may.
    const char* reason(const trace::Event& event, Site& cause) const;

    DetectorContext context_;
    const ContextHistory& history_;
    const LockTracker& locks_;
};

}  // namespace kloom::detect
