#include "kernel/irq/softirq.hpp"

#include <array>
#include <climits>
#include <cstdio>

#include "base/check.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bug.h>
#include <linux/interrupt.h>
#include <linux/sched.h>

namespace kloom::kernel {

namespace {

// The addresses that a module's action is called with; only the position in the table means something.
std::array<softirq_action, NR_SOFTIRQS> softirq_vector;

static_assert(NR_SOFTIRQS == machine::kSoftirqs);

}  // namespace

SoftirqService::SoftirqService(machine::Machine& machine)
    : machine_(machine), tasklets_(machine, TASKLET_SOFTIRQ), high_tasklets_(machine, HI_SOFTIRQ) {
    set_builtin(HI_SOFTIRQ, [] { kernel().softirqs->tasklets(true).run(); });
    set_builtin(TASKLET_SOFTIRQ, [] { kernel().softirqs->tasklets(false).run(); });
    for (int nr : {NET_TX_SOFTIRQ, NET_RX_SOFTIRQ, BLOCK_SOFTIRQ, IRQ_POLL_SOFTIRQ, SCHED_SOFTIRQ}) set_builtin(nr, [] {});
    const auto begin = reinterpret_cast<uintptr_t>(&softirq_vector);
    machine.memory().add_region(trace::Region::Kernel, begin, begin + sizeof softirq_vector);
    const auto names = reinterpret_cast<uintptr_t>(&softirq_to_name);
    machine.memory().add_region(trace::Region::Kernel, names, names + sizeof softirq_to_name);
}

void SoftirqService::begin_execution() {
    opened_.fill(nullptr);
    threads_.assign(static_cast<size_t>(machine_.possible_cpus()), nullptr);
    tasklets_.begin_execution();
    high_tasklets_.begin_execution();
    tasklet_waiters_.reset();
}

// An opened vector is none: there is no way to close it, and it does nothing until it is raised.
void SoftirqService::report_leftovers(const ModuleImage& module) {
    high_tasklets_.report_leftovers(module);
    tasklets_.report_leftovers(module);
}

void SoftirqService::raise(int nr) { machine_.raise_softirq(nr); }

void SoftirqService::handle(int nr) {
    const auto index = static_cast<size_t>(nr);
    if (opened_[index] != nullptr) {
        call_module("softirq", opened_[index], &softirq_vector[index]);
        return;
    }
    CHECK(builtin_[index] != nullptr, "softirq %d has no action", nr);
    builtin_[index]();
}

// ---- ksoftirqd ---------------------------------------------------------------------------------------------------------

void SoftirqService::wake_thread(CpuId cpu) {
    TaskRecord*& thread = threads_[cpu.index()];
    if (thread == nullptr) {
        char name[24];
        snprintf(name, sizeof name, "ksoftirqd/%d", cpu.value);
        machine::CpuSet cpus;
        cpus.set(cpu.index());
        thread = &kernel().tasks->create_thread({.name = name,
                                                 .function = &SoftirqService::thread_main,
                                                 .data = reinterpret_cast<void*>(uintptr_t{cpu.value}),
                                                 .affinity = cpus,
                                                 .is_bound = true});
    }
    kernel().tasks->start(*thread);
}

int SoftirqService::thread_main(void* cpu) {
    const CpuId own_cpu(static_cast<uint16_t>(reinterpret_cast<uintptr_t>(cpu)));
    for (;;) {  // ends with the execution
        while (machine().pending_softirqs(own_cpu) == 0) kernel().tasks->sleep(TASK_INTERRUPTIBLE, "idle", nullptr);
        machine().run_softirqs_in_thread();
        machine().reschedule_point(true);
    }
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

// Raising wakes ksoftirqd unless softirqs will run anyway at the end of what goes on.
void step_before_raise() {
    if (in_interrupt())
        machine().step_local(0);
    else
        machine().step_global(0);
}

void raise(unsigned int nr) {
    if (nr >= NR_SOFTIRQS) kloom_bug("nr >= NR_SOFTIRQS", "softirq.c", 0);
    step_before_raise();
    kernel().softirqs->raise(static_cast<int>(nr));
}

}  // namespace

extern "C" {

const char* const softirq_to_name[NR_SOFTIRQS] = {"HI",       "TIMER",   "NET_TX", "NET_RX",  "BLOCK",
                                                  "IRQ_POLL", "TASKLET", "SCHED",  "HRTIMER", "RCU"};

void open_softirq(int nr, void (*action)(struct softirq_action*)) {
    KLOOM_API();
    if (nr < 0 || nr >= NR_SOFTIRQS) kloom_bug("nr >= NR_SOFTIRQS", "softirq.c", 0);
    machine().step_global(0);
    kernel().softirqs->open(nr, action);
}

void raise_softirq(unsigned int nr) {
    KLOOM_API();
    raise(nr);
}

void raise_softirq_irqoff(unsigned int nr) {
    KLOOM_API();
    raise(nr);
}

void __raise_softirq_irqoff(unsigned int nr) {
    KLOOM_API();
    raise(nr);
}

void do_softirq() {
    KLOOM_API();
    machine().step_local(0);
    if (!in_interrupt()) machine().run_pending_softirqs();
}

}  // extern "C"
