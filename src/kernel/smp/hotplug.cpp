#include "kernel/smp/hotplug.hpp"

#include <cstring>

#include "kernel/irq/callback.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/percpu-rwsem.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/smp.h>

unsigned int nr_cpu_ids = 1;
unsigned int setup_max_cpus = NR_CPUS;
struct cpumask __cpu_possible_mask;
struct cpumask __cpu_online_mask;
struct cpumask __cpu_present_mask;
struct cpumask __cpu_active_mask;

namespace kloom::kernel {

namespace {

DEFINE_STATIC_PERCPU_RWSEM(cpu_hotplug_lock);
const struct percpu_rw_semaphore g_unlocked = cpu_hotplug_lock;

bool belongs_to_cpu(int state) { return state > CPUHP_BRINGUP_CPU; }

bool is_dynamic(int state) { return state == CPUHP_AP_ONLINE_DYN || state == CPUHP_BP_PREPARE_DYN; }

int call_for_cpu(int (*function)(unsigned), CpuId cpu) {
    return call_module("cpuhp", function, static_cast<unsigned>(cpu.value));
}

// The CPU can be taken away from what runs on it.
bool can_be_left(const void* cpu) {
    const machine::Path* top = machine().top(*static_cast<const CpuId*>(cpu));
    return top == nullptr || (top->kind == trace::PathKind::Task && top->is_preemptible());
}

}  // namespace

HotplugService::HotplugService(machine::Machine& machine) {
    nr_cpu_ids = static_cast<unsigned>(machine.possible_cpus());
    const auto add = [&machine](const auto& object) {
        const auto begin = reinterpret_cast<uintptr_t>(&object);
        machine.memory().add_region(trace::Region::Kernel, begin, begin + sizeof object);
    };
    add(nr_cpu_ids);
    add(setup_max_cpus);
    add(cpu_hotplug_lock);
    for (struct cpumask* mask : {&__cpu_possible_mask, &__cpu_online_mask, &__cpu_present_mask, &__cpu_active_mask}) add(*mask);
}

void HotplugService::begin_execution() {
    states_.clear();
    calls_.clear();
    std::memcpy(static_cast<void*>(&cpu_hotplug_lock), &g_unlocked, sizeof cpu_hotplug_lock);
    const machine::MachineConfig& config = machine().config();
    machine::CpuSet possible, online;
    for (int cpu = 0; cpu < config.possible_cpus; ++cpu) possible.set(static_cast<size_t>(cpu));
    for (int cpu = 0; cpu < config.cpus; ++cpu) online.set(static_cast<size_t>(cpu));
    for (struct cpumask* mask : {&__cpu_possible_mask, &__cpu_present_mask}) copy_cpu_set(possible, mask);
    for (struct cpumask* mask : {&__cpu_online_mask, &__cpu_active_mask}) copy_cpu_set(online, mask);
}

void HotplugService::publish_online() { copy_cpu_set(machine().online(), &__cpu_online_mask); }

void HotplugService::publish_active(CpuId cpu, bool is_active) {
    copy_cpu_set(cpu_set_of(&__cpu_active_mask).set(cpu.index(), is_active), &__cpu_active_mask);
}

void HotplugService::report_leftovers(const ModuleImage& module) {
    for (const auto& [number, state] : states_) {
        const auto startup = reinterpret_cast<uintptr_t>(state.startup);
        const auto teardown = reinterpret_cast<uintptr_t>(state.teardown);
        if (module.contains_text(startup) || module.contains_text(teardown))
            emit_leftover("cpuhp state", state.name, reinterpret_cast<void*>(startup != 0 ? startup : teardown));
    }
}

// ---- states ------------------------------------------------------------------------------------------------------------

int HotplugService::start_state(const HotplugState& state, int number, CpuId cpu) {
    if (state.startup == nullptr) return 0;
    struct Request {
        int (*function)(unsigned);
        CpuId cpu;
    } request{state.startup, cpu};
    const auto call = [](void* argument) {
        auto* asked = static_cast<Request*>(argument);
        return call_for_cpu(asked->function, asked->cpu);
    };
    return belongs_to_cpu(number) ? run_on(cpu, call, &request) : call(&request);
}

int HotplugService::stop_state(const HotplugState& state, int number, CpuId cpu) {
    return start_state({.name = state.name, .startup = state.teardown}, number, cpu);
}

HotplugService::Range HotplugService::states_before_start() { return {states_.begin(), states_.upper_bound(CPUHP_BRINGUP_CPU)}; }

HotplugService::Range HotplugService::states_of_running_cpu() { return {states_.upper_bound(CPUHP_BRINGUP_CPU), states_.end()}; }

int HotplugService::climb(Range states, CpuId cpu) {
    for (auto state = states.begin; state != states.end; ++state) {
        const int error = start_state(state->second, state->first, cpu);
        if (error == 0) continue;
        while (state != states.begin) {  // ends: it goes down
            --state;
            stop_state(state->second, state->first, cpu);
        }
        return error;
    }
    return 0;
}

int HotplugService::descend(Range states, CpuId cpu) {
    for (auto state = states.end; state != states.begin;) {  // ends: it goes down
        --state;
        const int error = stop_state(state->second, state->first, cpu);
        if (error == 0) continue;
        while (++state != states.end) start_state(state->second, state->first, cpu);  // ends: it goes up
        return error;
    }
    return 0;
}

int HotplugService::setup_state(int wanted, const HotplugState& state, bool invoke) {
    if (state.name == nullptr) return -EINVAL;
    int number = wanted;
    if (is_dynamic(wanted))
        while (states_.contains(number)) ++number;  // ends: states are finite
    else if (states_.contains(number))
        return -EBUSY;
    states_[number] = state;
    for (unsigned cpu = 0; invoke && cpu < nr_cpu_ids; ++cpu) {
        const CpuId id(static_cast<uint16_t>(cpu));
        if (!machine().online().test(cpu)) continue;
        const int error = start_state(state, number, id);
        if (error == 0) continue;
        for (unsigned done = 0; done < cpu; ++done)
            if (machine().online().test(done)) stop_state(state, number, CpuId(static_cast<uint16_t>(done)));
        states_.erase(number);
        return error;
    }
    return is_dynamic(wanted) ? number : 0;
}

void HotplugService::remove_state(int number, bool invoke) {
    const auto found = states_.find(number);
    if (found == states_.end()) {
        kloom_warn("removal of a CPU hotplug state that is not set up", "kernel/cpu.c", __LINE__, nullptr);
        return;
    }
    const HotplugState state = found->second;
    for (unsigned cpu = 0; invoke && cpu < nr_cpu_ids; ++cpu)
        if (machine().online().test(cpu)) stop_state(state, number, CpuId(static_cast<uint16_t>(cpu)));
    states_.erase(number);
}

// ---- CPUs --------------------------------------------------------------------------------------------------------------

int HotplugService::run_on(CpuId cpu, int (*function)(void*), void* argument) {
    TaskService& tasks = *kernel().tasks;
    const machine::CpuSet before = tasks.affinity(tasks.current());
    machine().step_global(0);
    tasks.set_affinity(tasks.current(), machine::CpuSet().set(cpu.index()));
    const int result = function(argument);
    machine().step_global(0);
    tasks.set_affinity(tasks.current(), before);
    return result;
}

// No task may insist on a CPU that goes.
void HotplugService::evacuate(CpuId cpu) {
    TaskService& tasks = *kernel().tasks;
    const machine::CpuSet remaining = machine().online() & ~machine::CpuSet().set(cpu.index());
    for (TaskRecord& record : tasks.records()) {
        if (record.path == nullptr || (tasks.affinity(record) & remaining).any()) continue;
        if (record.task->mm != nullptr)
            log_message(KERN_INFO "process %d (%s) no longer affine to cpu%d\n", record.task->pid, record.task->comm, cpu.value);
        tasks.set_affinity(record, cpu_set_of(&__cpu_possible_mask));
    }
    if (machine().cpu() == cpu) {
        TaskRecord& self = tasks.current();
        const machine::CpuSet before = tasks.affinity(self);
        tasks.set_affinity(self, remaining & before);
        copy_cpu_set(before, &self.task->cpus_mask);
    }
}

// What runs on the CPU goes elsewhere, and the CPU is off.
void HotplugService::leave(CpuId cpu) {
    evacuate(cpu);
    machine().step({.kind = trace::OperationKind::Schedule,
                    .footprint = {},
                    .is_ready = can_be_left,
                    .ready_argument = &cpu});
    machine().set_online(cpu, false);
    publish_online();
    log_message(KERN_INFO "smpboot: CPU %d is now offline\n", cpu.value);
    descend(states_before_start(), cpu);
}

int HotplugService::stop_cpu(CpuId cpu) {
    if (cpu.value >= nr_cpu_ids || !machine().online().test(cpu.index())) return -EINVAL;
    publish_active(cpu, false);
    const int error = descend(states_of_running_cpu(), cpu);
    if (error == 0)
        leave(cpu);
    else
        publish_active(cpu, true);
    return error;
}

int HotplugService::start_cpu(CpuId cpu) {
    if (cpu.value >= nr_cpu_ids) return -EINVAL;
    if (machine().online().test(cpu.index())) return 0;
    if (const int error = climb(states_before_start(), cpu); error != 0) return error;
    log_message(KERN_INFO "smpboot: Booting Node 0 Processor %d APIC 0x%x\n", cpu.value, cpu.value);
    machine().set_online(cpu, true);
    publish_online();
    const int error = climb(states_of_running_cpu(), cpu);
    if (error == 0)
        publish_active(cpu, true);
    else
        leave(cpu);
    return error;
}

int HotplugService::take_down(CpuId cpu) {
    if (cpu.value == 0) return -EPERM;
    cpus_write_lock();
    machine().step_global(0);
    const int error = stop_cpu(cpu);
    cpus_write_unlock();
    return error;
}

int HotplugService::bring_up(CpuId cpu) {
    cpus_write_lock();
    machine().step_global(0);
    const int error = start_cpu(cpu);
    cpus_write_unlock();
    return error;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" int __cpuhp_setup_state(enum cpuhp_state state, const char* name, bool invoke, int (*startup)(unsigned),
                                   int (*teardown)(unsigned), bool) {
    KLOOM_API();
    cpus_read_lock();
    const int result = kernel().hotplug->setup_state(state, {name, startup, teardown}, invoke);
    cpus_read_unlock();
    return result;
}

extern "C" void __cpuhp_remove_state(enum cpuhp_state state, bool invoke) {
    KLOOM_API();
    cpus_read_lock();
    kernel().hotplug->remove_state(state, invoke);
    cpus_read_unlock();
}

extern "C" void cpus_read_lock(void) {
    KLOOM_API();
    percpu_down_read(&cpu_hotplug_lock);
}

extern "C" int cpus_read_trylock(void) {
    KLOOM_API();
    return percpu_down_read_trylock(&cpu_hotplug_lock);
}

extern "C" void cpus_read_unlock(void) {
    KLOOM_API();
    percpu_up_read(&cpu_hotplug_lock);
}

extern "C" void cpus_write_lock(void) {
    KLOOM_API();
    percpu_down_write(&cpu_hotplug_lock);
}

extern "C" void cpus_write_unlock(void) {
    KLOOM_API();
    percpu_up_write(&cpu_hotplug_lock);
}

extern "C" void lockdep_assert_cpus_held(void) {
    KLOOM_API();
    lockdep_assert(lockdep_is_held(&cpu_hotplug_lock.kloom_rwsem));
}

extern "C" void cpu_hotplug_disable(void) {
    KLOOM_API();
    cpus_read_lock();
}

extern "C" void cpu_hotplug_enable(void) {
    KLOOM_API();
    cpus_read_unlock();
}

extern "C" int add_cpu(unsigned int cpu) {
    KLOOM_API();
    return kernel().hotplug->bring_up(CpuId(static_cast<uint16_t>(cpu)));
}

extern "C" int remove_cpu(unsigned int cpu) {
    KLOOM_API();
    return kernel().hotplug->take_down(CpuId(static_cast<uint16_t>(cpu)));
}
