#include "kernel/kernel.hpp"

#include <link.h>

#include "base/check.hpp"
#include "kernel/fs/vfs.hpp"
#include "kernel/io/io.hpp"
#include "kernel/irq/irq.hpp"
#include "kernel/irq/softirq.hpp"
#include "kernel/log.hpp"
#include "kernel/mm/percpu.hpp"
#include "kernel/mm/slab.hpp"
#include "kernel/module/module.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/smp/hotplug.hpp"
#include "kernel/sync/locks.hpp"
#include "kernel/sync/rcu.hpp"
#include "kernel/sync/wait_queues.hpp"
#include "kernel/time/hrtimers.hpp"
#include "kernel/time/timers.hpp"
#include "kernel/user/user.hpp"
#include "kernel/workqueue/workqueue.hpp"

namespace kloom::kernel {

using trace::EventKind;

namespace {

Kernel* g_kernel = nullptr;

// Services are made with the machine or with nothing, whichever they ask for.
template <class ServiceType>
void make_service(std::unique_ptr<ServiceType>& slot, std::vector<Service*>& services, machine::Machine& machine) {
    if constexpr (std::is_constructible_v<ServiceType, machine::Machine&>)
        slot = std::make_unique<ServiceType>(machine);
    else
        slot = std::make_unique<ServiceType>();
    services.push_back(slot.get());
}

// The kernel's code and constants are this program's: modules get pointers to functions and to text there.
int add_own_image(dl_phdr_info* info, size_t, void* memory_map) {
    auto& memory = *static_cast<trace::MemoryMap*>(memory_map);
    for (int index = 0; index < info->dlpi_phnum; ++index) {
        const ElfW(Phdr)& header = info->dlpi_phdr[index];
        if (header.p_type != PT_LOAD || (header.p_flags & PF_W) != 0) continue;
        const uintptr_t begin = info->dlpi_addr + header.p_vaddr;
        memory.add_region(trace::Region::Kernel, begin, begin + header.p_memsz);
    }
    return 1;  // the program comes first; nothing else counts
}

void emit_object_event(EventKind kind, const void* object, const char* text = nullptr) {
    machine().emit({.kind = kind, .address = reinterpret_cast<uintptr_t>(object), .text = text});
}

}  // namespace

Kernel::Kernel(machine::Machine& machine) : machine_(machine) {
    CHECK(g_kernel == nullptr, "a process has one kernel");
    g_kernel = this;
    machine_.set_environment(*this);
    dl_iterate_phdr(add_own_image, &machine_.memory());
    // The module's memory is restored first, since per-CPU copies are made from it; then what other services build on.
    make_service(modules, services_, machine_);
    make_service(slab, services_, machine_);
    make_service(percpu, services_, machine_);
    make_service(log, services_, machine_);
    make_service(hotplug, services_, machine_);
    make_service(tasks, services_, machine_);
    make_service(locks, services_, machine_);
    make_service(wait_queues, services_, machine_);
    make_service(rcu, services_, machine_);
    make_service(softirqs, services_, machine_);
    make_service(timers, services_, machine_);
    make_service(hrtimers, services_, machine_);
    make_service(irqs, services_, machine_);
    make_service(io, services_, machine_);
    make_service(workqueues, services_, machine_);
    make_service(vfs, services_, machine_);
    make_service(users, services_, machine_);
}

Kernel::~Kernel() { g_kernel = nullptr; }

void Kernel::begin_execution() {
    for (Service* service : services_) service->begin_execution();
}

void Kernel::report_leftovers() {
    for (Service* service : services_) service->report_leftovers(module);
}

void Kernel::handle_irq(uint32_t line) { irqs->handle(line); }
void Kernel::handle_softirq(int nr) { softirqs->handle(nr); }
void Kernel::on_switch(machine::Task* previous, machine::Task* next, CpuId cpu) { tasks->on_switch(previous, next, cpu); }
void Kernel::on_task_end(machine::Task& task) { tasks->on_task_end(task); }
void Kernel::on_block(machine::Task& task) {
    tasks->complain_if_atomic();
    workqueues->on_block(task);
}
void Kernel::wake_softirq_thread(CpuId cpu) { softirqs->wake_thread(cpu); }

Kernel& kernel() { return *g_kernel; }

void emit_acquire(const void* object) { emit_object_event(EventKind::Acquire, object); }
void emit_release(const void* object) { emit_object_event(EventKind::Release, object); }

void emit_might_sleep(const char* function, bool surely_sleeps) {
    machine().emit({.kind = EventKind::MightSleep, .flags = static_cast<uint16_t>(surely_sleeps), .text = function});
}

void emit_callback_enter(const void* function, const char* kind) {
    emit_object_event(EventKind::CallbackEnter, function, kind);
}

void emit_callback_return(const void* function, const char* kind) {
    emit_object_event(EventKind::CallbackReturn, function, kind);
}

void emit_leftover(const char* kind, const char* name, const void* object) {
    machine().emit({.kind = EventKind::Leftover,
                    .address = reinterpret_cast<uintptr_t>(object),
                    .text = kind,
                    .detail = name});
}

void emit_misuse(const char* finding_id, trace::Severity severity, const char* message, const void* object) {
    machine().emit({.kind = EventKind::Misuse,
                    .flags = static_cast<uint16_t>(severity),
                    .address = reinterpret_cast<uintptr_t>(object),
                    .text = finding_id,
                    .detail = message});
}

}  // namespace kloom::kernel
