// The running CPU's number, and functions called on other CPUs.

#include "kernel/irq/callback.hpp"
#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/smp/hotplug.hpp"

#include <linux/bug.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/smp.h>

namespace kloom::kernel {

// ---- calls: HotplugService ----------------------------------------------------------------------------------------------

HotplugService::Call& HotplugService::send(CpuId cpu, void (*function)(void*), void* argument, ::__call_single_data* csd) {
    Call& call = calls_.emplace_back();
    call.function = function;
    call.argument = argument;
    call.csd = csd;
    call.event.function = &HotplugService::run_call;
    call.event.owner = &call;
    emit_release(&call);
    machine().arm(call.event, machine().now(), cpu);
    return call;
}

// In hardirq context on the CPU that was called.
void HotplugService::run_call(machine::TimerEvent& event) {
    Call& call = *static_cast<Call*>(event.owner);
    emit_acquire(&call);
    if (call.csd != nullptr) {  // free for the next call as soon as its function begins
        note_object(call.csd, sizeof *call.csd, "smp_call_function_single_async");
        call.csd->flags &= ~static_cast<unsigned>(CSD_FLAG_LOCK);
    }
    call_module("smp call", call.function, call.argument);
    machine().step_object(trace::OperationKind::Release, &call, 0);
    emit_release(&call);
    call.is_done = true;
}

void HotplugService::wait_for(Call& call) {
    machine().step({.kind = trace::OperationKind::Acquire,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(&call),
                                  .size = 1,
                                  .scope = trace::Scope::Object,
                                  .cpu = machine().cpu()},
                    .pc = machine().current().call_pc,
                    .is_ready = [](const void* argument) { return static_cast<const Call*>(argument)->is_done; },
                    .ready_argument = &call});
    emit_acquire(&call);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;
using kloom::machine::CpuSet;

namespace {

HotplugService& hotplug() { return *kernel().hotplug; }

CpuId cpu_id(int cpu) { return CpuId(static_cast<uint16_t>(cpu)); }

// Reports the read and, in code that may migrate, gives the machine the chance to do so before the number is used.
int read_cpu_number(uint16_t flags) {
    const int cpu = machine().cpu().value;
    machine().emit({.kind = kloom::trace::EventKind::CpuNumberRead, .flags = flags, .value = static_cast<uint64_t>(cpu)});
    kloom::machine::Path& path = machine().current();
    if (path.is_preemptible() && !path.is_bound) {
        path.has_cpu_dependence = true;
        machine().step_local(0);
    }
    return cpu;
}

void call_with_irqs_off(smp_call_func_t function, void* info) {
    const unsigned long flags = kloom_local_irq_save();
    call_module("smp call", function, info);
    kloom_local_irq_restore(flags);
}

// Waiting for others with interrupts off can deadlock: they may be waiting for this CPU.
void check_may_call(const char* function) {
    if (machine().current().irqs_disabled || !machine().current().in_task())
        kloom_warn(function, "kernel/smp.c", __LINE__, "%s() with interrupts off or in an interrupt", function);
}

// A set of CPUs to call, and on what condition.
struct Targets {
    CpuSet cpus;
    smp_cond_func_t condition = nullptr;
    bool with_this_cpu = false;
    bool wait = false;
};

bool is_wanted(const Targets& targets, int cpu, void* info) {
    return targets.cpus.test(static_cast<size_t>(cpu)) && machine().online().test(static_cast<size_t>(cpu)) &&
           (targets.condition == nullptr || targets.condition(cpu, info));
}

void call_many(const Targets& targets, smp_call_func_t function, void* info) {
    check_may_call("smp_call_function_many");
    preempt_disable();
    machine().step_global(0);
    HotplugService::Call* calls[kloom::trace::kCpusMax] = {};
    const int self = machine().cpu().value;
    for (int cpu = 0; cpu < machine().possible_cpus(); ++cpu)
        if (cpu != self && is_wanted(targets, cpu, info)) calls[cpu] = &hotplug().send(cpu_id(cpu), function, info);
    if (targets.with_this_cpu && is_wanted(targets, self, info)) call_with_irqs_off(function, info);
    for (HotplugService::Call* call : calls)
        if (targets.wait && call != nullptr) hotplug().wait_for(*call);
    preempt_enable();
}

CpuSet module_mask(const struct cpumask* mask) {
    note_read(mask, sizeof mask->bits[0]);
    return cpu_set_of(mask);
}

}  // namespace

// ---- numbers -----------------------------------------------------------------------------------------------------------

extern "C" int kloom_smp_processor_id(void) {
    KLOOM_API();
    return read_cpu_number(kloom::trace::kCpuReadChecked);
}

extern "C" int kloom_raw_smp_processor_id(void) {
    KLOOM_API();
    return read_cpu_number(kloom::trace::kCpuReadRaw);
}

extern "C" int kloom_get_cpu(void) {
    KLOOM_API();
    preempt_disable();
    return read_cpu_number(kloom::trace::kCpuReadGuarded);
}

extern "C" void kloom_put_cpu(void) {
    KLOOM_API();
    preempt_enable();
}

// ---- calls -------------------------------------------------------------------------------------------------------------

extern "C" int smp_call_function_single(int cpu, smp_call_func_t func, void* info, int wait) {
    KLOOM_API();
    check_may_call("smp_call_function_single");
    preempt_disable();
    machine().step_global(0);
    int error = 0;
    if (cpu == machine().cpu().value) {
        call_with_irqs_off(func, info);
    } else if (cpu < 0 || cpu >= static_cast<int>(nr_cpu_ids) || !machine().online().test(static_cast<size_t>(cpu))) {
        error = -ENXIO;
    } else {
        HotplugService::Call& call = hotplug().send(cpu_id(cpu), func, info);
        if (wait != 0) hotplug().wait_for(call);
    }
    preempt_enable();
    return error;
}

extern "C" int smp_call_function_single_async(int cpu, call_single_data_t* csd) {
    KLOOM_API();
    preempt_disable();
    machine().step_global(0);
    note_object(csd, sizeof *csd, "smp_call_function_single_async");
    int error = 0;
    if ((csd->flags & CSD_FLAG_LOCK) != 0) {
        error = -EBUSY;
    } else if (cpu == machine().cpu().value) {
        call_with_irqs_off(csd->func, csd->info);
    } else if (cpu < 0 || cpu >= static_cast<int>(nr_cpu_ids) || !machine().online().test(static_cast<size_t>(cpu))) {
        error = -ENXIO;
    } else {
        csd->flags |= CSD_FLAG_LOCK;
        hotplug().send(cpu_id(cpu), csd->func, csd->info, csd);
    }
    preempt_enable();
    return error;
}

extern "C" int smp_call_function_any(const struct cpumask* mask, smp_call_func_t func, void* info, int wait) {
    KLOOM_API();
    preempt_disable();
    const CpuSet cpus = module_mask(mask) & machine().online();
    int target = machine().cpu().value;
    if (!cpus.test(static_cast<size_t>(target)))
        for (target = 0; target < machine().possible_cpus() && !cpus.test(static_cast<size_t>(target));) ++target;
    const int error = smp_call_function_single(target, func, info, wait);
    preempt_enable();
    return error;
}

extern "C" void smp_call_function(smp_call_func_t func, void* info, int wait) {
    KLOOM_API();
    call_many({.cpus = CpuSet().set(), .wait = wait != 0}, func, info);
}

extern "C" void smp_call_function_many(const struct cpumask* mask, smp_call_func_t func, void* info, bool wait) {
    KLOOM_API();
    call_many({.cpus = module_mask(mask), .wait = wait}, func, info);
}

extern "C" void on_each_cpu(smp_call_func_t func, void* info, int wait) {
    KLOOM_API();
    call_many({.cpus = CpuSet().set(), .with_this_cpu = true, .wait = wait != 0}, func, info);
}

extern "C" void on_each_cpu_mask(const struct cpumask* mask, smp_call_func_t func, void* info, bool wait) {
    KLOOM_API();
    call_many({.cpus = module_mask(mask), .with_this_cpu = true, .wait = wait}, func, info);
}

extern "C" void on_each_cpu_cond(smp_cond_func_t cond_func, smp_call_func_t func, void* info, bool wait) {
    KLOOM_API();
    call_many({.cpus = CpuSet().set(), .condition = cond_func, .with_this_cpu = true, .wait = wait}, func, info);
}

extern "C" void on_each_cpu_cond_mask(smp_cond_func_t cond_func, smp_call_func_t func, void* info, bool wait,
                                      const struct cpumask* mask) {
    KLOOM_API();
    call_many({.cpus = module_mask(mask), .condition = cond_func, .with_this_cpu = true, .wait = wait}, func, info);
}

extern "C" int smp_call_on_cpu(unsigned int cpu, int (*func)(void*), void* par, bool) {
    KLOOM_API();
    emit_might_sleep("smp_call_on_cpu", true);
    if (cpu >= nr_cpu_ids || !machine().online().test(cpu)) return -ENXIO;
    return hotplug().run_on(cpu_id(static_cast<int>(cpu)), func, par);
}

// An empty call: every other CPU has left what it did with interrupts or preemption off.
extern "C" void kick_all_cpus_sync(void) {
    KLOOM_API();
    call_many({.cpus = CpuSet().set(), .wait = true}, [](void*) {}, nullptr);
}

extern "C" void wake_up_all_idle_cpus(void) {
    KLOOM_API();
    machine().step_global(0);
}
