// HotplugService: which CPUs there are, calls to other CPUs, and CPUs that come and go.
//
// A call to another CPU is a timer event there that is due now: it arrives as a hardirq when that CPU can take it. A caller
// that waits is a path whose next step is ready once the call has run, so two CPUs that call each other with interrupts
// off are stuck, as they would be.
//
// Callbacks of hotplug states that belong to a CPU run on the calling task, moved there for the while, instead of in the
// thread "cpuhp/N": same CPU, same context, one thread less to search through.
#pragma once

#include <cstdint>
#include <deque>
#include <map>

#include "kernel/kernel.hpp"

struct __call_single_data;

namespace kloom::kernel {

struct HotplugState {
    const char* name = "";
    int (*startup)(unsigned cpu) = nullptr;
    int (*teardown)(unsigned cpu) = nullptr;
};

class HotplugService final : public Service {
  public:
    explicit HotplugService(machine::Machine& machine);

    void begin_execution() override;
    void report_leftovers(const ModuleImage& module) override;

    // ---- states -----------------------------------------------------------------------------------------------------
    // As __cpuhp_setup_state(): the state's number for a dynamic one, 0 otherwise, or a negative error number.
    int setup_state(int wanted, const HotplugState& state, bool invoke);
    void remove_state(int number, bool invoke);

    // ---- CPUs -------------------------------------------------------------------------------------------------------
    // 0 or a negative error number. What `echo 0|1 > /sys/devices/system/cpu/cpuN/online` calls. Context: task, may sleep.
    int take_down(CpuId cpu);
    int bring_up(CpuId cpu);

    // ---- calls ------------------------------------------------------------------------------------------------------
    struct Call {
        machine::TimerEvent event;
        void (*function)(void*) = nullptr;
        void* argument = nullptr;
        ::__call_single_data* csd = nullptr;  // unlocked when it has run; null: a call of the kernel's own
        bool is_done = false;
    };
    // Sends function(argument) to another CPU.
    Call& send(CpuId cpu, void (*function)(void*), void* argument, ::__call_single_data* csd = nullptr);
    // Spins until it has run.
    void wait_for(Call& call);

    // Moves the running task to `cpu` for the life of a function call.
    int run_on(CpuId cpu, int (*function)(void*), void* argument);

  private:
    using States = std::map<int, HotplugState>;  // [number], ascending
    struct Range {
        States::iterator begin, end;
    };
    Range states_before_start();  // whose callbacks run while the CPU is off, on the one that is at work
    Range states_of_running_cpu();

    int start_state(const HotplugState& state, int number, CpuId cpu);
    int stop_state(const HotplugState& state, int number, CpuId cpu);
    // All startup callbacks upwards, all teardown callbacks downwards. An error undoes what was done, and is returned.
    int climb(Range states, CpuId cpu);
    int descend(Range states, CpuId cpu);
    void leave(CpuId cpu);
    int start_cpu(CpuId cpu);
    int stop_cpu(CpuId cpu);
    void evacuate(CpuId cpu);
    void publish_online();
    void publish_active(CpuId cpu, bool is_active);
    static void run_call(machine::TimerEvent& event);

    States states_;
    std::deque<Call> calls_;
};

}  // namespace kloom::kernel
