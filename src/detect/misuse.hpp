// Misuse: passes on what only the kernel or the machine can see (a soft lock-up, an RCU list walked
// without a lock).
#pragma once

#include "detect/detectors.hpp"

namespace kloom::detect {

class Misuse final : public trace::Observer {
  public:
    explicit Misuse(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override { return trace::interests_of(trace::EventKind::Misuse); }
    void on_event(const trace::Event& event) override;

  private:
    DetectorContext context_;
};

}  // namespace kloom::detect
