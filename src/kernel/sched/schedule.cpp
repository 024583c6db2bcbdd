// Sleeping, waking and affinity: the part of the scheduler that modules call. The machine decides who runs.

#include <algorithm>
#include <cstdio>
#include <utility>

#include "kernel/kernel.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"
#include "kernel/ticks.hpp"

#include <linux/jiffies.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/spinlock.h>

namespace kloom::kernel {

namespace {

// A waker looks at the state. The event makes a module's own write of it (`current->state = ...`) a visible operation.
void note_state_read(const task_struct& task) {
    machine().emit_access(reinterpret_cast<uintptr_t>(&task.__state), sizeof task.__state,
                          trace::kRead | trace::kMarked | trace::kByKernel, machine().current().call_pc);
}

// A handler has no task of its own to put to sleep: Linux prints "scheduling while atomic" and is lost.
void stop_unless_task() {
    if (machine().current().kind != trace::PathKind::Task) machine().stop_execution();
}

}  // namespace

// ---- TaskService -------------------------------------------------------------------------------------------------------

bool TaskService::wake(TaskRecord& record, unsigned states) {
    task_struct& task = *record.task;
    note_state_read(task);
    emit_release(&task);  // also when the task is awake: a wake-up that came too early is what a lost one looks like
    if ((task.__state & states) == 0) return false;
    task.__state = TASK_RUNNING;
    if (record.path != nullptr &&
        (record.path->state == machine::TaskState::New || record.path->state == machine::TaskState::Sleeping))
        machine().wake(*record.path);
    return true;
}

bool TaskService::sleep(unsigned state, const char* what, const void* object, VirtualTime deadline) {
    stop_unless_task();
    TaskRecord& record = current();
    task_struct& task = *record.task;
    bool in_time = true;
    if (!has_signal_for(record, state)) {
        task.__state = state;
        record.path->is_uninterruptible = (state & (TASK_UNINTERRUPTIBLE | TASK_WAKEKILL | TASK_NOLOAD)) == TASK_UNINTERRUPTIBLE;
        if (deadline == 0)
            machine().sleep(what, object);
        else
            in_time = machine().sleep_until(deadline, what, object);
    }
    task.__state = TASK_RUNNING;
    emit_acquire(&task);
    return in_time;
}

bool TaskService::schedule(const char* what, VirtualTime deadline) {
    emit_might_sleep(what, true);
    stop_unless_task();
    machine().step_global(0);
    TaskRecord& record = current();
    const unsigned state = record.task->__state;
    if (state != TASK_RUNNING && !has_signal_for(record, state)) return sleep(state, what, record.task, deadline);
    record.task->__state = TASK_RUNNING;
    emit_acquire(record.task);
    complain_if_atomic();
    machine().yield();
    return true;
}

// What Linux's __schedule() prints of a task that must not leave its CPU; it counts its own preempt_disable() too. Linux then sets the
// count right and says nothing more; here the count stays as the module made it.
void TaskService::complain_if_atomic() {
    TaskRecord& record = current();
    const uint32_t count = machine().current().preempt_count;
    if (count == 0 || machine().current().kind != trace::PathKind::Task) {
        record.is_said_to_be_atomic = false;
        return;
    }
    if (std::exchange(record.is_said_to_be_atomic, true)) return;
    char line[96];
    const int size = std::snprintf(line, sizeof line, KERN_ERR "BUG: scheduling while atomic: %s/%d/0x%08x\n", record.task->comm,
                                   record.task->pid, count + trace::kPreemptOffset);
    kernel().log->append({line, static_cast<size_t>(size)});
    log_stack();
}

void TaskService::wait_for(TaskRecord& record, bool (*condition)(const TaskRecord&), const char* what) {
    while (!condition(record)) {  // ends: whoever makes it true wakes the waiters
        record.waiters.push_back(&current());
        sleep(TASK_UNINTERRUPTIBLE, what, record.task);
        machine().step_global(0);
    }
    emit_acquire(record.task);
}

void TaskService::wake_waiters(TaskRecord& record) {
    for (TaskRecord* waiter : record.waiters) wake(*waiter, TASK_NORMAL);
    record.waiters.clear();
}

int TaskService::set_affinity(TaskRecord& record, const machine::CpuSet& cpus) {
    const machine::CpuSet allowed = cpus & machine().online();
    if (allowed.none()) return -EINVAL;
    copy_cpu_set(cpus, &record.task->cpus_mask);
    record.task->nr_cpus_allowed = static_cast<int>(affinity(record).count());
    if (record.path != nullptr) machine().set_affinity(*record.path, cpus);
    return 0;
}

machine::CpuSet TaskService::affinity(const TaskRecord& record) const { return cpu_set_of(&record.task->cpus_mask); }

machine::CpuSet cpu_set_of(const struct cpumask* mask) {
    machine::CpuSet cpus;
    for (int cpu = 0; cpu < machine().possible_cpus(); ++cpu)
        cpus.set(static_cast<size_t>(cpu), (mask->bits[0] >> cpu & 1) != 0);
    return cpus;
}

void copy_cpu_set(const machine::CpuSet& cpus, struct cpumask* mask) {
    uint64_t bits = 0;
    for (int cpu = 0; cpu < machine().possible_cpus(); ++cpu)
        bits |= uint64_t{cpus.test(static_cast<size_t>(cpu))} << cpu;
    mask->bits[0] = bits;
}

}  // namespace kloom::kernel

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

TaskService& tasks() { return *kernel().tasks; }

// The running task's state, as the module wrote it, is a visible operation: wakers look at it.
long timed_schedule(const char* what, long timeout) {
    if (timeout == MAX_SCHEDULE_TIMEOUT) {
        tasks().schedule(what, 0);
        return MAX_SCHEDULE_TIMEOUT;
    }
    if (timeout < 0) {
        log_message(KERN_ERR "schedule_timeout: wrong timeout value %lx\n", static_cast<unsigned long>(timeout));
        dump_stack();
        tasks().current().task->__state = TASK_RUNNING;
        return 0;
    }
    const VirtualTime deadline = deadline_in_ticks(static_cast<unsigned long>(timeout));
    tasks().schedule(what, deadline);
    return ticks_until(deadline);
}

long timed_schedule_in(unsigned state, const char* what, long timeout) {
    kloom_set_current_state(state);
    return timed_schedule(what, timeout);
}

}  // namespace

extern "C" void kloom_set_current_state(unsigned int state) {
    KLOOM_API();
    TaskRecord& record = tasks().current();
    machine().step_object(OperationKind::Sync, record.task, 0);
    record.task->__state = state;
}

extern "C" void schedule(void) {
    KLOOM_API();
    tasks().schedule("schedule", 0);
}

extern "C" void io_schedule(void) {
    KLOOM_API();
    tasks().schedule("io_schedule", 0);
}

extern "C" void schedule_idle(void) {
    KLOOM_API();
    tasks().schedule("schedule_idle", 0);
}

// Preemption is off at entry and at exit.
extern "C" void schedule_preempt_disabled(void) {
    KLOOM_API();
    machine().sub_preempt_count(kloom::trace::kPreemptOffset);
    tasks().schedule("schedule_preempt_disabled", 0);
    machine().add_preempt_count(kloom::trace::kPreemptOffset);
}

extern "C" long schedule_timeout(long timeout) {
    KLOOM_API();
    return timed_schedule("schedule_timeout", timeout);
}

extern "C" long io_schedule_timeout(long timeout) {
    KLOOM_API();
    return timed_schedule("io_schedule_timeout", timeout);
}

extern "C" long schedule_timeout_interruptible(long timeout) {
    KLOOM_API();
    return timed_schedule_in(TASK_INTERRUPTIBLE, "schedule_timeout_interruptible", timeout);
}

extern "C" long schedule_timeout_killable(long timeout) {
    KLOOM_API();
    return timed_schedule_in(TASK_KILLABLE, "schedule_timeout_killable", timeout);
}

extern "C" long schedule_timeout_uninterruptible(long timeout) {
    KLOOM_API();
    return timed_schedule_in(TASK_UNINTERRUPTIBLE, "schedule_timeout_uninterruptible", timeout);
}

extern "C" long schedule_timeout_idle(long timeout) {
    KLOOM_API();
    return timed_schedule_in(TASK_IDLE, "schedule_timeout_idle", timeout);
}

extern "C" void yield(void) {
    KLOOM_API();
    tasks().current().task->__state = TASK_RUNNING;
    tasks().schedule("yield", 0);
}

extern "C" int yield_to(struct task_struct* task, bool) {
    KLOOM_API();
    tasks().find(task, "yield_to");
    tasks().schedule("yield_to", 0);
    return 1;
}

extern "C" int __cond_resched(void) {
    KLOOM_API();
    emit_might_sleep("cond_resched", false);
    machine().reschedule_point(true);
    return 0;
}

extern "C" int kloom_cond_resched_lock(spinlock_t* lock) {
    KLOOM_API();
    if (!need_resched()) return 0;
    spin_unlock(lock);
    machine().reschedule_point(true);
    spin_lock(lock);
    return 1;
}

extern "C" void __might_sleep(const char*, int) {
    KLOOM_API();
    emit_might_sleep("might_sleep", false);
    machine().reschedule_point(false);
}

// True while another task waits for this CPU.
extern "C" bool need_resched(void) {
    KLOOM_API();
    machine().relax(0);
    return std::ranges::any_of(machine().tasks(), [](const kloom::machine::Task& task) {
        return task.state == kloom::machine::TaskState::Runnable && task.cpu == machine().cpu();
    });
}

extern "C" int wake_up_state(struct task_struct* task, unsigned int state) {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord* record = tasks().find(task, "wake_up_process");
    return record != nullptr && tasks().wake(*record, state);
}

extern "C" int wake_up_process(struct task_struct* task) {
    KLOOM_API();
    return wake_up_state(task, TASK_NORMAL);
}

extern "C" void wake_up_new_task(struct task_struct* task) {
    KLOOM_API();
    wake_up_state(task, TASK_NORMAL);
}

extern "C" void kick_process(struct task_struct* task) {
    KLOOM_API();
    tasks().find(task, "kick_process");
}

// ---- where tasks run -------------------------------------------------------------------------------------------------

namespace {

int change_affinity(TaskRecord& record, const struct cpumask* mask) {
    note_read(mask, sizeof mask->bits[0]);
    return tasks().set_affinity(record, cpu_set_of(mask));
}

// As sched_setaffinity() names tasks: 0 is the caller.
TaskRecord* task_of_pid(pid_t pid) { return pid == 0 ? &tasks().current() : tasks().find_pid(pid); }

}  // namespace

extern "C" int set_cpus_allowed_ptr(struct task_struct* task, const struct cpumask* mask) {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord* record = tasks().find(task, "set_cpus_allowed_ptr");
    return record != nullptr ? change_affinity(*record, mask) : -ESRCH;
}

extern "C" void do_set_cpus_allowed(struct task_struct* task, const struct cpumask* mask) {
    KLOOM_API();
    set_cpus_allowed_ptr(task, mask);
}

extern "C" long kloom_sched_setaffinity(pid_t pid, const struct cpumask* mask) {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord* record = task_of_pid(pid);
    if (record == nullptr) return -ESRCH;
    // What a process may not do to a bound kthread, the kernel may: set_cpus_allowed_ptr() does not ask.
    return (record->task->flags & PF_NO_SETAFFINITY) != 0 ? -EINVAL : change_affinity(*record, mask);
}

extern "C" long kloom_sched_getaffinity(pid_t pid, struct cpumask* mask) {
    KLOOM_API();
    machine().step_global(0);
    TaskRecord* record = task_of_pid(pid);
    if (record == nullptr) return -ESRCH;
    note_write(mask, sizeof mask->bits[0]);
    copy_cpu_set(tasks().affinity(*record) & machine().online(), mask);
    return 0;
}

extern "C" unsigned int task_cpu(const struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(const_cast<struct task_struct*>(task), "task_cpu");
    return record != nullptr ? record->task->cpu : 0;
}

extern "C" int task_curr(const struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(const_cast<struct task_struct*>(task), "task_curr");
    return record != nullptr && record->path != nullptr && record->path->state == kloom::machine::TaskState::Running;
}

extern "C" int idle_cpu(int cpu) {
    KLOOM_API();
    return machine().is_idle(CpuId(static_cast<uint16_t>(cpu)));
}

extern "C" struct task_struct* idle_task(int cpu) {
    KLOOM_API();
    return tasks().idle_task(CpuId(static_cast<uint16_t>(cpu))).task;
}

extern "C" unsigned long wait_task_inactive(struct task_struct* task, unsigned int match_state) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "wait_task_inactive");
    while (record != nullptr && task_curr(task)) {  // ends: the task leaves its CPU or changes its state
        if (match_state != 0 && (task->__state & match_state) == 0) return 0;
        machine().relax(0);
    }
    return 1;
}
