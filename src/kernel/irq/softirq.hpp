// Softirqs: the table of the ten vectors, tasklets, and the ksoftirqd threads.
//
// The machine keeps what is pending and runs it when context allows (machine/interrupts.cpp); this service knows what each
// vector does. The kernel's own vectors (timers, hrtimers, RCU, tasklets) are set by their services once; a module may open
// others, or these, for the execution.
#pragma once

#include <array>
#include <vector>

#include "kernel/irq/tasklets.hpp"

struct softirq_action;

namespace kloom::kernel {

struct TaskRecord;

class SoftirqService final : public Service {
  public:
    explicit SoftirqService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // The kernel's own action of a vector.
    void set_builtin(int nr, void (*action)()) { builtin_[static_cast<size_t>(nr)] = action; }
    // open_softirq(). `nr` is in range.
    void open(int nr, void (*action)(softirq_action*)) { opened_[static_cast<size_t>(nr)] = action; }
    // raise_softirq() on the current CPU; the caller has stepped.
    void raise(int nr);

    // The machine calls these.
    void handle(int nr);
    void wake_thread(CpuId cpu);

    Tasklets& tasklets(bool is_high) { return is_high ? high_tasklets_ : tasklets_; }
    // Tasks that wait for a tasklet's state to change.
    Waiters& tasklet_waiters() { return tasklet_waiters_; }

  private:
    static int thread_main(void* cpu);

    machine::Machine& machine_;
    std::array<void (*)(), machine::kSoftirqs> builtin_{};
    std::array<void (*)(softirq_action*), machine::kSoftirqs> opened_{};
    std::vector<TaskRecord*> threads_;  // [cpu]; null until it is needed
    Tasklets tasklets_;
    Tasklets high_tasklets_;
    Waiters tasklet_waiters_;
};

}  // namespace kloom::kernel
