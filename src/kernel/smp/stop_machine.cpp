// Functions that run on a CPU undisturbed: stop_one_cpu(), and stop_machine() with all other CPUs
// at a halt.
//
//   caller, on a CPU of the set     every other CPU, in an interrupt
//   calls the others                arrives, waits
//   all have arrived: runs          runs too, if it is in the set
//   all have run: lets go           goes on

#include "kernel/irq/callback.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/smp/hotplug.hpp"

#include <linux/cpu.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/stop_machine.h>

using namespace kloom::kernel;
using kloom::machine::CpuSet;
using kloom::trace::OperationKind;

namespace {

// Lives on the caller's stack; each CPU changes it in steps of its own.
struct Stop {
    cpu_stop_fn_t function;
    void* argument;
    CpuSet cpus;        // that run the function
    size_t others = 0;  // CPUs beside the caller's
    size_t arrived = 0;
    size_t done = 0;
    bool may_run = false;
    bool is_over = false;
    int result = 0;
};

void wait_until(const Stop& stop, bool (*is_ready)(const void*)) {
    machine().step({.kind = OperationKind::Acquire,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(&stop),
                                  .size = 1,
                                  .scope = kloom::trace::Scope::Object,
                                  .cpu = machine().cpu()},
                    .pc = machine().current().call_pc,
                    .is_ready = is_ready,
                    .ready_argument = &stop});
    emit_acquire(&stop);
}

void announce(Stop& stop) {
    machine().step_object(OperationKind::Release, &stop, 0);
    emit_release(&stop);
}

void run_if_in_set(Stop& stop) {
    if (!stop.cpus.test(machine().cpu().index())) return;
    if (const int result = call_module("stop_machine", stop.function, stop.argument); result != 0)
        stop.result = result;
}

// On every other CPU.
void halt(void* argument) {
    Stop& stop = *static_cast<Stop*>(argument);
    announce(stop);
    ++stop.arrived;
    wait_until(stop, [](const void* waited) { return static_cast<const Stop*>(waited)->may_run; });
    run_if_in_set(stop);
    announce(stop);
    ++stop.done;
    wait_until(stop, [](const void* waited) { return static_cast<const Stop*>(waited)->is_over; });
}

void run_alone(Stop& stop) {
    const unsigned long flags = kloom_local_irq_save();
    announce(stop);
    stop.may_run = true;
    run_if_in_set(stop);
    wait_until(stop, [](const void* waited) {
        const Stop& all = *static_cast<const Stop*>(waited);
        return all.done == all.others;
    });
    announce(stop);
    stop.is_over = true;
    kloom_local_irq_restore(flags);
}

int stop_others(void* argument) {
    Stop& stop = *static_cast<Stop*>(argument);
    preempt_disable();
    machine().step_global(0);
    HotplugService& hotplug = *kernel().hotplug;
    HotplugService::Call* calls[kloom::trace::kCpusMax] = {};
    for (unsigned cpu = 0; cpu < nr_cpu_ids; ++cpu) {
        if (cpu == machine().cpu().value || !machine().online().test(cpu)) continue;
        calls[cpu] = &hotplug.send(CpuId(static_cast<uint16_t>(cpu)), halt, &stop);
        ++stop.others;
    }
    wait_until(stop, [](const void* waited) {
        const Stop& all = *static_cast<const Stop*>(waited);
        return all.arrived == all.others;
    });
    run_alone(stop);
    for (HotplugService::Call* call : calls)
        if (call != nullptr) hotplug.wait_for(*call);
    preempt_enable();
    return stop.result;
}

struct StopRequest {
    cpu_stop_fn_t function;
    void* argument;
};

int call_stopped(void* request) {
    const auto* stop = static_cast<StopRequest*>(request);
    preempt_disable();
    const int result = call_module("stop_machine", stop->function, stop->argument);
    preempt_enable();
    return result;
}

CpuId first_of(const CpuSet& cpus) {
    uint16_t cpu = 0;
    while (!cpus.test(cpu)) ++cpu;  // ends: the set is not empty
    return CpuId(cpu);
}

}  // namespace

extern "C" int stop_one_cpu(unsigned int cpu, cpu_stop_fn_t fn, void* arg) {
    KLOOM_API();
    emit_might_sleep("stop_one_cpu", true);
    if (cpu >= nr_cpu_ids || !machine().online().test(cpu)) return -ENOENT;
    StopRequest request{fn, arg};
    return kernel().hotplug->run_on(CpuId(static_cast<uint16_t>(cpu)), call_stopped, &request);
}

extern "C" int stop_machine(cpu_stop_fn_t fn, void* data, const struct cpumask* cpus) {
    KLOOM_API();
    cpus_read_lock();
    const int result = stop_machine_cpuslocked(fn, data, cpus);
    cpus_read_unlock();
    return result;
}

extern "C" int stop_machine_cpuslocked(cpu_stop_fn_t fn, void* data, const struct cpumask* cpus) {
    KLOOM_API();
    emit_might_sleep("stop_machine", true);
    Stop stop{.function = fn,
              .argument = data,
              .cpus = CpuSet().set(first_of(machine().online()).index())};
    if (cpus != nullptr) {
        note_read(cpus, sizeof cpus->bits[0]);
        stop.cpus = cpu_set_of(cpus);
    }
    const CpuSet targets = stop.cpus & machine().online();
    return kernel().hotplug->run_on(first_of(targets.any() ? targets : machine().online()),
                                    stop_others, &stop);
}
