// timer_list: callbacks at ticks, in TIMER_SOFTIRQ on the CPU on which they were armed.
//
// As in Linux each CPU has a base. The base arms one timer event of the machine, for the earliest tick at which something
// expires; its interrupt only raises the softirq, which runs whatever has expired by then. The set of pending timers is kept
// here and not in the timers, because a module may free a pending timer: that is found, and does not break the machine.
#pragma once

#include <cstdint>
#include <vector>

#include "kernel/irq/callback.hpp"

struct timer_list;

namespace kloom::kernel {

// Where the wheel keeps a timer: the value of jiffies at which it looks there, and the level. Coarser levels come first.
struct WheelPlace {
    unsigned long bucket = 0;
    int level = 0;

    bool operator==(const WheelPlace&) const = default;
};
// The place of a timer that expires at `expires`: never early, and the later the coarser.
WheelPlace wheel_place(unsigned long expires);
inline unsigned long wheel_expiry(unsigned long expires) { return wheel_place(expires).bucket; }

class TimerService final : public Service {
  public:
    explicit TimerService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // Whoever calls the following has stepped (Global). A timer that is pending is moved.
    void arm(timer_list& timer, unsigned long expires);
    void arm_on(timer_list& timer, unsigned long expires, CpuId cpu);
    // Changes the expiry of a pending timer if it keeps its place in the wheel; false if it would not.
    bool modify_in_place(timer_list& timer, unsigned long expires);
    // False when it was not pending.
    bool disarm(timer_list& timer);
    bool is_pending(const timer_list& timer) const;
    std::vector<timer_list*> pending_timers() const;
    // The slot in which the timer's callback runs; null if it does not.
    const CallbackSlot* find_running(const timer_list& timer) const;

    // TIMER_SOFTIRQ on the current CPU.
    void run_expired();

  private:
    struct Pending {
        timer_list* timer;
        WheelPlace place;
    };
    struct Base {
        CallbackSlot slot{"timer callback", false};
        std::vector<Pending> pending;  // in the order in which they expire
        machine::TimerEvent event;
    };
    Base& base_of(CpuId cpu) { return bases_[cpu.index()]; }
    void program(Base& base);
    bool take_expired(Base& base, timer_list*& timer);
    void run_callback(Base& base, timer_list& timer);

    machine::Machine& machine_;
    std::vector<Base> bases_;  // [cpu], sized once
};

}  // namespace kloom::kernel
