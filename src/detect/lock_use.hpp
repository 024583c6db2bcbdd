// LockUse: locks released by who does not hold them, still held when the code that took them
// returns, or gone while held.
//
// Semaphores may be released by anybody. A lock taken before a callback was entered belongs to its
// caller.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/lock_tracker.hpp"

namespace kloom::detect {

class LockUse final : public trace::Observer {
  public:
    LockUse(const DetectorContext& context, const LockTracker& locks)
        : context_(context), locks_(locks) {}

    uint64_t interests() const override;
    void begin_execution() override { calls_.begin_execution(); }
    void on_event(const trace::Event& event) override;

  private:
    void on_release(const trace::Event& event);
    void on_return(const trace::Event& event, uint64_t since, const char* what);
    void on_memory_gone(const trace::Event& event);

    DetectorContext context_;
    const LockTracker& locks_;
    PathTable<std::vector<uint64_t>>
        calls_;  // [path], event numbers of the callbacks that have not returned
};

}  // namespace kloom::detect
