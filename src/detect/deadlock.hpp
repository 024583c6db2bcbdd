// Deadlock: paths that wait for one another for ever.
//
// Two forms are certain at the request: a path that takes a lock it holds, and a handler that takes
// a lock held by a path it interrupted on the same CPU. They end the execution there. Everything
// else is judged when nothing can ever step again: a cycle in
//
//   waits for a lock               -> the paths that hold it
//   was interrupted                -> the handler above it on its CPU
//   could run, but is off its CPU  -> the path that occupies the CPU
//
// is a deadlock; so is a lock whose holder waits inside a function that waits for other code to end
// (kthread_stop, flush_work). Otherwise LostWakeup looks at the sleepers and names a lost wake-up
// or a hang.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/lost_wakeup.hpp"
#include "detect/wait_states.hpp"

namespace kloom::detect {

class Deadlock final : public trace::Observer {
  public:
    Deadlock(const DetectorContext& context, const LockTracker& locks, const WaitStates& waits,
             LostWakeup& lost_wakeup)
        : context_(context), locks_(locks), waits_(waits), lost_wakeup_(lost_wakeup) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::LockRequest, trace::EventKind::Stuck,
                                   trace::EventKind::Hung);
    }
    void on_event(const trace::Event& event) override;

  private:
    void on_request(const trace::Event& event);
    void on_stuck(const trace::Event& event);
    void on_hung(const trace::Event& event);
    void report_self(const trace::Event& event, const HeldLock& held);
    void report_interrupted(const trace::Event& event, const HeldLock& held);

    // Paths that must go on before `path` can.
    std::vector<trace::PathId> waited_for(trace::PathId path) const;
    // Extends `chain` to a cycle; returns whether there is one. The cycle begins at chain's first
    // repeated path.
    bool find_cycle(std::vector<trace::PathId>& chain, std::vector<bool>& finished) const;
    bool report_holder_that_waits(trace::PathId only);
    void report_cycle(const std::vector<trace::PathId>& cycle);
    trace::FindingSite waiting_site(trace::PathId path) const;

    DetectorContext context_;
    const LockTracker& locks_;
    const WaitStates& waits_;
    LostWakeup& lost_wakeup_;
};

}  // namespace kloom::detect
