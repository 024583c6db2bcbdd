// irq_work: functions called in hardirq context on the CPU that queued them, by an interrupt which that CPU sends to itself.
#pragma once

#include <vector>

#include "kernel/irq/callback.hpp"

struct irq_work;

namespace kloom::kernel {

class IrqWorks {
  public:
    explicit IrqWorks(machine::Machine& machine) : machine_(machine) {}

    void begin_execution();
    void report_leftovers(const ModuleImage& module);

    // The caller has stepped (Global) and has set the work's pending bit.
    void queue(irq_work* work, CpuId cpu);
    const CallbackSlot* find_running(const irq_work* work) const;

  private:
    struct Cpu {
        CallbackSlot slot{"irq_work", false};
        std::vector<irq_work*> queued;
        std::vector<irq_work*> taken;  // by the interrupt that is under way; the last comes first
        machine::TimerEvent interrupt;
    };
    void run(Cpu& cpu);

    machine::Machine& machine_;
    std::vector<Cpu> cpus_;  // sized once
};

}  // namespace kloom::kernel
