// CpuNumber: smp_processor_id() and this_cpu_ptr() where the task may move to another CPU before it
// uses the answer.
//
// Valid with preemption, softirqs or interrupts off and in tasks that are bound to one CPU, as in
// Linux (debug_smp_processor_id). By itself it is misuse, not yet a wrong result: a warning.
#pragma once

#include "detect/detectors.hpp"

namespace kloom::detect {

class CpuNumber final : public trace::Observer {
  public:
    explicit CpuNumber(const DetectorContext& context) : context_(context) {}

    uint64_t interests() const override {
        return trace::interests_of(trace::EventKind::CpuNumberRead,
                                   trace::EventKind::PerCpuAddress);
    }
    void on_event(const trace::Event& event) override;

  private:
    DetectorContext context_;
};

}  // namespace kloom::detect
