// Tasklets: functions that run from two softirq vectors, each on the CPU that scheduled it, one at a time.
//
// A tasklet's state is in its tasklet_struct (SCHED: it waits to run; RUN: it runs; count: how often it is disabled), which the
// module may print. Here are the queues of the CPUs. Linux looks again and again at a tasklet that waits but is disabled or
// runs elsewhere; here it is parked until that changes, which nothing in the module can tell apart.
#pragma once

#include <vector>

#include "kernel/irq/callback.hpp"
#include "kernel/irq/waiters.hpp"

struct tasklet_struct;

namespace kloom::kernel {

class Tasklets {
  public:
    Tasklets(machine::Machine& machine, int softirq) : machine_(machine), softirq_(softirq) {}

    void begin_execution();
    void report_leftovers(const ModuleImage& module);

    // The caller has stepped and has set the tasklet's SCHED bit.
    void schedule(tasklet_struct* tasklet);
    // The softirq's action on the current CPU.
    void run();
    // The tasklet was enabled or stopped running: if it is parked here, it may be looked at again.
    void unpark(tasklet_struct* tasklet);
    // The slot in which the tasklet runs; null if it does not.
    const CallbackSlot* find_running(const tasklet_struct* tasklet) const;

  private:
    struct Cpu {
        CallbackSlot slot{"tasklet", false};
        std::vector<tasklet_struct*> scheduled;  // for the next round
        std::vector<tasklet_struct*> taken;      // by the softirq that is under way
        std::vector<tasklet_struct*> parked;
        machine::TimerEvent kick;  // raises the softirq on this CPU from another one
        Tasklets* owner = nullptr;
    };
    bool may_run(tasklet_struct* tasklet, Cpu& cpu);
    void run_one(tasklet_struct* tasklet, Cpu& cpu);

    machine::Machine& machine_;
    int softirq_;
    std::vector<Cpu> cpus_;  // sized once
};

}  // namespace kloom::kernel
