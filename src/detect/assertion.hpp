// AssertionDetector: BUG(), panic() and WARN() of the code under test. The first two end the
// execution.
#pragma once

#include "detect/detectors.hpp"

namespace kloom::detect {

class AssertionDetector final : public trace::Observer {
  public:
    explicit AssertionDetector(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override { return trace::interests_of(trace::EventKind::Assertion); }
    void on_event(const trace::Event& event) override;

  private:
    DetectorContext context_;
};

}  // namespace kloom::detect
