// The context words of modules: preempt_disable(), local_irq_disable(), local_bh_disable() and the questions about them.
//
// All of it is state of the current CPU as the current path sees it. Changing it is visible there only, so the steps are local.

#include <climits>

#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bottom_half.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/sched.h>

using namespace kloom::kernel;

namespace {

constexpr uint32_t kBhOffset = kloom::trace::kSoftirqDisableOffset;

void change_count(uint32_t difference) {
    machine().step_local(0);
    machine().add_preempt_count(difference);
}

void change_irqs(bool disabled) {
    machine().step_local(0);
    machine().set_irqs_disabled(disabled);
    if (!disabled) machine().accept_interrupts();
}

unsigned long current_flags() { return machine().current().irqs_disabled ? 0 : X86_EFLAGS_IF; }

// Softirqs run with preemption still off, so that the task does not lose its CPU in between.
void enable_bottom_halves(uint32_t offset) {
    machine().step_local(0);
    const kloom::machine::Path& path = machine().current();
    const bool is_outermost = ((path.preempt_count - offset) & (kloom::trace::kSoftirqMask | kloom::trace::kHardirqMask)) == 0;
    if (!is_outermost || path.irqs_disabled || machine().pending_softirqs(path.cpu) == 0) {
        machine().sub_preempt_count(offset);
        return;
    }
    machine().sub_preempt_count(offset - 1);
    machine().run_pending_softirqs();
    machine().sub_preempt_count(1);
}

}  // namespace

extern "C" {

int preempt_count() { return static_cast<int>(machine().current().preempt_count); }

void preempt_count_add(int val) {
    KLOOM_API();
    change_count(static_cast<uint32_t>(val));
}

void preempt_count_sub(int val) {
    KLOOM_API();
    change_count(-static_cast<uint32_t>(val));
}

void preempt_count_set(int count) {
    KLOOM_API();
    const uint32_t now = machine().current().preempt_count;
    if (static_cast<uint32_t>(count) != now) change_count(static_cast<uint32_t>(count) - now);
}

void preempt_disable() {
    KLOOM_API();
    change_count(1);
}

void preempt_enable() {
    KLOOM_API();
    change_count(-1u);
}

void preempt_enable_no_resched() {
    KLOOM_API();
    change_count(-1u);
}

// The task's own mask stays as it is; the machine gets the smaller one for the while.
void migrate_disable() {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord& record = kernel().tasks->current();
    if (!in_task() || record.path == nullptr) return machine().add_preempt_count(1);
    if (record.task->migration_disabled++ != 0) return;
    kloom::machine::CpuSet here;
    here.set(machine().cpu().index());
    machine().set_affinity(*record.path, here);
}

void migrate_enable() {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord& record = kernel().tasks->current();
    if (!in_task() || record.path == nullptr) return machine().sub_preempt_count(1);
    if (--record.task->migration_disabled != 0) return;
    machine().set_affinity(*record.path, kernel().tasks->affinity(record));
}

void local_irq_disable() {
    KLOOM_API();
    change_irqs(true);
}

void local_irq_enable() {
    KLOOM_API();
    change_irqs(false);
}

bool irqs_disabled() { return machine().current().irqs_disabled; }

unsigned long kloom_local_save_flags() { return current_flags(); }

unsigned long kloom_local_irq_save() {
    KLOOM_API();
    const unsigned long flags = current_flags();
    change_irqs(true);
    return flags;
}

// As on x86 since 5.12, flags that say "off" leave the interrupts as they are.
void kloom_local_irq_restore(unsigned long flags) {
    KLOOM_API();
    if (irqs_disabled_flags(flags))
        machine().step_local(0);
    else
        change_irqs(false);
}

void lockdep_softirq_enter() {
    KLOOM_API();
    machine().step_local(0);
    ++machine().current().softirq_stand_ins;
}

void lockdep_softirq_exit() {
    KLOOM_API();
    machine().step_local(0);
    uint32_t& depth = machine().current().softirq_stand_ins;
    if (depth != 0) --depth;
}

void local_bh_disable() {
    KLOOM_API();
    change_count(kBhOffset);
}

void local_bh_enable() {
    KLOOM_API();
    enable_bottom_halves(kBhOffset);
}

void __local_bh_disable_ip(unsigned long, unsigned int cnt) {
    KLOOM_API();
    change_count(cnt);
}

void __local_bh_enable_ip(unsigned long, unsigned int cnt) {
    KLOOM_API();
    enable_bottom_halves(cnt);
}

unsigned int local_softirq_pending() {
    const kloom::machine::Path& path = machine().current();
    return machine().pending_softirqs(path.cpu);
}

}  // extern "C"
