#include "kernel/irq/tasklets.hpp"

#include <algorithm>
#include <climits>

#include "kernel/irq/softirq.hpp"
#include "kernel/module_access.hpp"

#include <linux/bug.h>
#include <linux/interrupt.h>

namespace kloom::kernel {

using trace::OperationKind;

namespace {

constexpr unsigned long kScheduled = 1ul << TASKLET_STATE_SCHED;
constexpr unsigned long kRunning = 1ul << TASKLET_STATE_RUN;

void step_on(tasklet_struct* tasklet, const char* function) {
    machine().step_object(OperationKind::Sync, tasklet, 0);
    note_object(tasklet, sizeof *tasklet, function);
}

const void* function_of(const tasklet_struct& tasklet) { return reinterpret_cast<const void*>(tasklet.func); }

}  // namespace

void Tasklets::begin_execution() {
    cpus_.resize(static_cast<size_t>(machine_.possible_cpus()));
    for (Cpu& cpu : cpus_) {
        cpu.slot.reset();
        cpu.scheduled.clear();
        cpu.taken.clear();
        cpu.parked.clear();
        cpu.owner = this;
        cpu.kick = {.function = [](machine::TimerEvent& event) {
                        const Cpu& target = *static_cast<const Cpu*>(event.owner);
                        kernel().softirqs->raise(target.owner->softirq_);
                    },
                    .owner = &cpu};
    }
}

// Linux's softirq would look at every waiting tasklet at once: one that was freed shows itself here.
void Tasklets::report_leftovers(const ModuleImage& module) {
    for (Cpu& cpu : cpus_) {
        for (const auto* list : {&cpu.taken, &cpu.scheduled, &cpu.parked}) {
            for (tasklet_struct* tasklet : *list) {
                note_object(tasklet, sizeof *tasklet, "tasklet_action");
                const void* function = function_of(*tasklet);
                if (module.contains(reinterpret_cast<uintptr_t>(function))) emit_leftover("tasklet", "", function);
            }
        }
    }
}

void Tasklets::schedule(tasklet_struct* tasklet) {
    cpus_[machine_.cpu().index()].scheduled.push_back(tasklet);
    emit_release(tasklet);
    kernel().softirqs->raise(softirq_);
}

// What is scheduled meanwhile waits for the next round of softirqs.
void Tasklets::run() {
    Cpu& cpu = cpus_[machine_.cpu().index()];
    cpu.taken.swap(cpu.scheduled);
    while (!cpu.taken.empty()) {  // ends: each turn takes one out
        tasklet_struct* tasklet = cpu.taken.front();
        cpu.taken.erase(cpu.taken.begin());
        step_on(tasklet, "tasklet_action");
        if (may_run(tasklet, cpu)) run_one(tasklet, cpu);
    }
}

bool Tasklets::may_run(tasklet_struct* tasklet, Cpu& cpu) {
    if ((tasklet->state & kRunning) == 0 && tasklet->count.counter == 0) return true;
    cpu.parked.push_back(tasklet);
    return false;
}

void Tasklets::run_one(tasklet_struct* tasklet, Cpu& cpu) {
    tasklet->state = (tasklet->state | kRunning) & ~kScheduled;
    kernel().softirqs->tasklet_waiters().wake(tasklet);
    emit_acquire(tasklet);
    cpu.slot.begin(tasklet);
    if (tasklet->use_callback)
        call_module("tasklet", tasklet->callback, tasklet);
    else
        call_module("tasklet", tasklet->func, tasklet->data);
    machine_.step_global(0);
    cpu.slot.end();
    note_object(tasklet, sizeof *tasklet, "tasklet_action");
    emit_release(tasklet);
    tasklet->state &= ~kRunning;
    kernel().softirqs->tasklet_waiters().wake(tasklet);
    unpark(tasklet);
}

void Tasklets::unpark(tasklet_struct* tasklet) {
    for (Cpu& cpu : cpus_) {
        const auto place = std::find(cpu.parked.begin(), cpu.parked.end(), tasklet);
        if (place == cpu.parked.end()) continue;
        cpu.parked.erase(place);
        cpu.scheduled.push_back(tasklet);
        const CpuId id(static_cast<uint16_t>(&cpu - cpus_.data()));
        if (id == machine_.cpu())
            kernel().softirqs->raise(softirq_);
        else
            machine_.arm(cpu.kick, machine_.now(), id);
    }
}

const CallbackSlot* Tasklets::find_running(const tasklet_struct* tasklet) const {
    for (const Cpu& cpu : cpus_)
        if (cpu.slot.is_running(tasklet)) return &cpu.slot;
    return nullptr;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

namespace {

void schedule(tasklet_struct* tasklet, bool is_high) {
    if (in_interrupt())
        machine().step_object(kloom::trace::OperationKind::Sync, tasklet, 0);
    else
        machine().step_global(0);  // wakes ksoftirqd
    note_object(tasklet, sizeof *tasklet, is_high ? "tasklet_hi_schedule" : "tasklet_schedule");
    if ((tasklet->state & kScheduled) != 0) return;
    tasklet->state |= kScheduled;
    kernel().softirqs->tasklets(is_high).schedule(tasklet);
}

const CallbackSlot* find_running(const tasklet_struct* tasklet) {
    const CallbackSlot* slot = kernel().softirqs->tasklets(true).find_running(tasklet);
    return slot != nullptr ? slot : kernel().softirqs->tasklets(false).find_running(tasklet);
}

void wait_spinning(tasklet_struct* tasklet) {
    step_on(tasklet, "tasklet_unlock_wait");
    if (const CallbackSlot* slot = find_running(tasklet)) slot->wait_spinning(tasklet);
    emit_acquire(tasklet);
}

// The caller has stepped (Global).
void wait_sleeping(tasklet_struct* tasklet, const char* what) {
    while ((tasklet->state & kRunning) != 0) {  // ends: the tasklet's function returns
        const CallbackSlot* slot = find_running(tasklet);
        const void* callback = slot != nullptr ? slot->announce_wait() : nullptr;
        kernel().softirqs->tasklet_waiters().wait(tasklet, what);
        if (slot != nullptr) slot->conclude_wait(callback);
    }
    emit_acquire(tasklet);
}

void disable(tasklet_struct* tasklet) {
    step_on(tasklet, "tasklet_disable");
    ++tasklet->count.counter;
}

}  // namespace

extern "C" {

void tasklet_init(struct tasklet_struct* t, void (*func)(unsigned long), unsigned long data) {
    KLOOM_API();
    note_write(t, sizeof *t);
    *t = {};
    t->func = func;
    t->data = data;
}

void tasklet_setup(struct tasklet_struct* t, void (*callback)(struct tasklet_struct*)) {
    KLOOM_API();
    note_write(t, sizeof *t);
    *t = {};
    t->use_callback = true;
    t->callback = callback;
}

void tasklet_schedule(struct tasklet_struct* t) {
    KLOOM_API();
    schedule(t, false);
}

void tasklet_hi_schedule(struct tasklet_struct* t) {
    KLOOM_API();
    schedule(t, true);
}

void tasklet_disable_nosync(struct tasklet_struct* t) {
    KLOOM_API();
    disable(t);
}

void tasklet_disable(struct tasklet_struct* t) {
    KLOOM_API();
    disable(t);
    emit_might_sleep("tasklet_disable", false);
    machine().step_global(0);
    wait_sleeping(t, "tasklet_disable");
}

void tasklet_disable_in_atomic(struct tasklet_struct* t) {
    KLOOM_API();
    disable(t);
    wait_spinning(t);
}

void tasklet_enable(struct tasklet_struct* t) {
    KLOOM_API();
    machine().step_global(0);
    note_object(t, sizeof *t, "tasklet_enable");
    emit_release(t);
    if (--t->count.counter != 0) return;
    kernel().softirqs->tasklets(true).unpark(t);
    kernel().softirqs->tasklets(false).unpark(t);
}

void tasklet_kill(struct tasklet_struct* t) {
    KLOOM_API();
    emit_might_sleep("tasklet_kill", false);
    machine().step_global(0);
    note_object(t, sizeof *t, "tasklet_kill");
    while ((t->state & kScheduled) != 0) kernel().softirqs->tasklet_waiters().wait(t, "tasklet_kill");  // ends: it has run
    t->state |= kScheduled;  // nobody schedules it meanwhile
    wait_sleeping(t, "tasklet_kill");
    t->state &= ~kScheduled;
    kernel().softirqs->tasklet_waiters().wake(t);
}

int tasklet_trylock(struct tasklet_struct* t) {
    KLOOM_API();
    step_on(t, "tasklet_trylock");
    if ((t->state & kRunning) != 0) return 0;
    t->state |= kRunning;
    return 1;
}

void tasklet_unlock(struct tasklet_struct* t) {
    KLOOM_API();
    machine().step_global(0);
    note_object(t, sizeof *t, "tasklet_unlock");
    t->state &= ~kRunning;
    kernel().softirqs->tasklet_waiters().wake(t);
    kernel().softirqs->tasklets(true).unpark(t);
    kernel().softirqs->tasklets(false).unpark(t);
}

void tasklet_unlock_wait(struct tasklet_struct* t) {
    KLOOM_API();
    emit_might_sleep("tasklet_unlock_wait", false);
    machine().step_global(0);
    wait_sleeping(t, "tasklet_unlock_wait");
}

void tasklet_unlock_spin_wait(struct tasklet_struct* t) {
    KLOOM_API();
    wait_spinning(t);
}

}  // extern "C"
