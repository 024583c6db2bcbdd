// hrtimer: callbacks at a nanosecond, in hardirq context or (soft ones) in HRTIMER_SOFTIRQ, on the CPU that started them.
//
// Each started timer has a timer event of the machine of its own. A callback that asks for a restart without having moved the
// expiry forward fires again at once; when that goes on without time moving, it is the finding "timer-storm".
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

#include "kernel/irq/callback.hpp"

struct hrtimer;

namespace kloom::kernel {

class HrtimerService final : public Service {
  public:
    explicit HrtimerService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // Whoever calls the following has stepped (Global). Arms the timer at its node.expires; moves it when it is armed.
    void arm(hrtimer& timer, CpuId cpu);
    bool disarm(hrtimer& timer);
    bool is_armed(const hrtimer& timer) const { return find(timer) != nullptr; }
    // The slot in which the timer's callback runs; null if it does not.
    const CallbackSlot* find_running(const hrtimer& timer) const;
    // The earliest expiry on a CPU; ~0 if there is none.
    VirtualTime next_expiry(CpuId cpu) const;

    // HRTIMER_SOFTIRQ on the current CPU.
    void run_soft();

  private:
    // A started timer. Entries are reused; the deque keeps their addresses.
    struct Armed {
        hrtimer* timer = nullptr;  // null: free
        machine::TimerEvent event;
        bool has_expired = false;  // a soft timer that waits for the softirq
    };
    struct Cpu {
        CallbackSlot slot{"hrtimer callback", false};
        CallbackSlot soft_slot{"hrtimer callback", false};
    };
    // Expiries in a row of one timer at one time.
    struct Storm {
        const hrtimer* timer = nullptr;
        VirtualTime time = 0;
        uint32_t count = 0;
    };

    const Armed* find(const hrtimer& timer) const;
    Armed& take_entry();
    void fire(Armed& armed);
    void run_callback(hrtimer& timer, CallbackSlot& slot);
    void watch_for_storm(const hrtimer& timer);

    machine::Machine& machine_;
    std::vector<Cpu> cpus_;  // [cpu], sized once
    std::deque<Armed> entries_;
    Storm storm_;
};

}  // namespace kloom::kernel
