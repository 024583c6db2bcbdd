#include "kernel/irq/irq_work.hpp"

#include <algorithm>
#include <climits>

#include "kernel/irq/irq.hpp"
#include "kernel/irq/named_cpu.hpp"
#include "kernel/module_access.hpp"

#include <linux/irq_work.h>
#include <linux/preempt.h>

namespace kloom::kernel {

void IrqWorks::begin_execution() {
    cpus_.resize(static_cast<size_t>(machine_.possible_cpus()));
    for (Cpu& cpu : cpus_) {
        cpu.slot.reset();
        cpu.queued.clear();
        cpu.taken.clear();
        cpu.interrupt = {.function = [](machine::TimerEvent& event) {
                             kernel().irqs->irq_works().run(*static_cast<Cpu*>(event.owner));
                         },
                         .owner = &cpu,
                         .is_prompt = true};
    }
}

void IrqWorks::report_leftovers(const ModuleImage& module) {
    const auto report = [&](const irq_work* work) {
        note_object(work, sizeof *work, "irq_work_run");
        const auto* function = reinterpret_cast<const void*>(work->func);
        if (module.contains(reinterpret_cast<uintptr_t>(function))) emit_leftover("irq_work", "", function);
    };
    for (const Cpu& cpu : cpus_) {
        std::for_each(cpu.taken.begin(), cpu.taken.end(), report);
        std::for_each(cpu.queued.begin(), cpu.queued.end(), report);
    }
}

void IrqWorks::queue(irq_work* work, CpuId id) {
    Cpu& cpu = cpus_[id.index()];
    cpu.queued.push_back(work);
    emit_release(work);
    if (!cpu.interrupt.is_armed) machine_.arm(cpu.interrupt, machine_.now(), id);
}

// What was queued last runs first, as on Linux, whose list is a stack. The pending bit goes before the call, so that the
// function may queue its work again; the busy bit goes after it.
void IrqWorks::run(Cpu& cpu) {
    cpu.taken.swap(cpu.queued);
    while (!cpu.taken.empty()) {  // ends: work that queues itself again comes by the next interrupt
        irq_work* work = cpu.taken.back();
        machine_.step_object(trace::OperationKind::Sync, work, 0);
        cpu.taken.pop_back();
        note_object(work, sizeof *work, "irq_work_run");
        work->flags &= ~static_cast<int>(IRQ_WORK_PENDING);
        emit_acquire(work);
        cpu.slot.begin(work);
        call_module("irq_work", work->func, work);
        machine_.step_object(trace::OperationKind::Sync, work, 0);
        cpu.slot.end();
        emit_release(work);
        if ((work->flags & static_cast<int>(IRQ_WORK_PENDING)) == 0) work->flags &= ~static_cast<int>(IRQ_WORK_BUSY);
    }
}

const CallbackSlot* IrqWorks::find_running(const irq_work* work) const {
    for (const Cpu& cpu : cpus_)
        if (cpu.slot.is_running(work)) return &cpu.slot;
    return nullptr;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

bool queue(irq_work* work, kloom::trace::CpuId cpu) {
    machine().step_global(0);
    note_object(work, sizeof *work, "irq_work_queue");
    if ((work->flags & static_cast<int>(IRQ_WORK_PENDING)) != 0) return false;
    work->flags |= IRQ_WORK_CLAIMED;
    kernel().irqs->irq_works().queue(work, cpu);
    return true;
}

bool has_flag(const irq_work* work, unsigned long flag, const char* function) {
    machine().step_object(kloom::trace::OperationKind::Sync, work, 0);
    note_object(work, sizeof *work, function);
    return (work->flags & static_cast<int>(flag)) != 0;
}

bool is_idle(const void* work) { return (static_cast<const irq_work*>(work)->flags & static_cast<int>(IRQ_WORK_BUSY)) == 0; }

}  // namespace

extern "C" {

void init_irq_work(struct irq_work* work, void (*func)(struct irq_work*)) {
    KLOOM_API();
    note_write(work, sizeof *work);
    *work = {0, func};
}

// The interrupt comes before this returns, if interrupts are on.
bool irq_work_queue(struct irq_work* work) {
    KLOOM_API();
    preempt_disable();
    const bool was_idle = queue(work, machine().cpu());
    machine().accept_interrupts();
    preempt_enable();
    return was_idle;
}

bool irq_work_queue_on(struct irq_work* work, int cpu) {
    KLOOM_API();
    return queue(work, named_cpu(cpu));
}

void irq_work_sync(struct irq_work* work) {
    KLOOM_API();
    emit_might_sleep("irq_work_sync", false);
    note_object(work, sizeof *work, "irq_work_sync");
    if (const CallbackSlot* slot = kernel().irqs->irq_works().find_running(work)) slot->wait_spinning(work);
    machine().step({.kind = kloom::trace::OperationKind::Acquire,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(work), .size = 1, .scope = kloom::trace::Scope::Object},
                    .is_ready = is_idle,
                    .ready_argument = work});
    emit_acquire(work);
}

bool irq_work_is_pending(struct irq_work* work) {
    KLOOM_API();
    return has_flag(work, IRQ_WORK_PENDING, "irq_work_is_pending");
}

bool irq_work_is_busy(struct irq_work* work) {
    KLOOM_API();
    return has_flag(work, IRQ_WORK_BUSY, "irq_work_is_busy");
}

}  // extern "C"
