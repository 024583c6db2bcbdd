// Signals, as far as they reach into the kernel: they wake sleepers and make signal_pending() true. A user process dies of
// every signal whose default action says so (UserService acts on it); a kthread sees only what it allowed.

#include <bit>

#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/sched.h>
#include <linux/sched/signal.h>

namespace kloom::kernel {

namespace {

constexpr uint64_t bit_of(int signal) { return uint64_t{1} << (signal - 1); }

// Signals that do nothing to a process that did not ask for them.
constexpr uint64_t kIgnoredByDefault = bit_of(SIGCHLD) | bit_of(SIGCONT) | bit_of(SIGURG) | bit_of(SIGWINCH);
constexpr uint64_t kStops = bit_of(SIGSTOP) | bit_of(SIGTSTP) | bit_of(SIGTTIN) | bit_of(SIGTTOU);

bool is_fatal(const TaskRecord& record, int signal) {
    return signal == kSignalKill || (!record.is_kthread && ((kIgnoredByDefault | kStops) & bit_of(signal)) == 0);
}

uint64_t unblocked_signals(const TaskRecord& record) { return record.pending_signals & ~record.task->blocked.sig[0]; }

// What low-level code sees of pending signals.
void update_flag(TaskRecord& record) {
    const unsigned long flag = 1UL << TIF_SIGPENDING;
    unsigned long& flags = record.task->thread_info.flags;
    flags = unblocked_signals(record) != 0 ? flags | flag : flags & ~flag;
}

}  // namespace

bool TaskService::send_signal(TaskRecord& record, int signal) {
    if (record.has_exited || record.path == nullptr || (record.allowed_signals & bit_of(signal)) == 0) return false;
    if (!record.is_kthread && (kIgnoredByDefault & bit_of(signal)) != 0) return false;
    emit_release(record.task);
    record.pending_signals |= bit_of(signal);
    const bool kills = is_fatal(record, signal);
    if (kills) record.pending_signals |= bit_of(kSignalKill);
    update_flag(record);
    if (has_signal(record)) wake(record, kills ? TASK_WAKEKILL | TASK_INTERRUPTIBLE : TASK_INTERRUPTIBLE);
    return true;
}

bool TaskService::has_signal(const TaskRecord& record) const { return unblocked_signals(record) != 0; }

bool TaskService::has_signal_for(const TaskRecord& record, unsigned state) const {
    if ((state & (TASK_INTERRUPTIBLE | TASK_WAKEKILL)) == 0 || !has_signal(record)) return false;
    return (state & TASK_INTERRUPTIBLE) != 0 || (record.pending_signals & bit_of(kSignalKill)) != 0;
}

int TaskService::take_signal(TaskRecord& record) {
    const uint64_t signals = unblocked_signals(record);
    if (signals == 0) return 0;
    const int signal = std::countr_zero(signals) + 1;
    record.pending_signals &= ~bit_of(signal);
    update_flag(record);
    return signal;
}

// One that is pending goes too.
void TaskService::ignore_signal(TaskRecord& record, int signal) {
    record.allowed_signals &= ~bit_of(signal);
    record.pending_signals &= ~bit_of(signal);
    update_flag(record);
}

void TaskService::clear_signals(TaskRecord& record) {
    record.pending_signals = 0;
    update_flag(record);
}

}  // namespace kloom::kernel

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

TaskService& tasks() { return *kernel().tasks; }

// Steps on the signals of a task; null after a finding.
TaskRecord* step_on_signals(struct task_struct* task, const char* function) {
    TaskRecord* record = tasks().find(task, function);
    if (record == nullptr) return nullptr;
    machine().step_object(OperationKind::Sync, &task->pending, 0);
    return record;
}

int send(int signal, TaskRecord* record) {
    if (record == nullptr) return -ESRCH;
    if (signal < 0 || signal > kSignals) return -EINVAL;
    if (signal != 0) tasks().send_signal(*record, signal);
    return 0;
}

int acquire_if(bool is_pending, const TaskRecord& record) {
    if (is_pending) emit_acquire(record.task);
    return is_pending;
}

}  // namespace

extern "C" int signal_pending(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(task, "signal_pending");
    return record != nullptr && acquire_if(tasks().has_signal(*record), *record);
}

extern "C" int fatal_signal_pending(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(task, "fatal_signal_pending");
    return record != nullptr && acquire_if(tasks().has_signal_for(*record, TASK_WAKEKILL), *record);
}

extern "C" int signal_pending_state(unsigned int state, struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(task, "signal_pending_state");
    return record != nullptr && acquire_if(tasks().has_signal_for(*record, state), *record);
}

extern "C" int send_sig_info(int signal, struct kernel_siginfo*, struct task_struct* task) {
    KLOOM_API();
    machine().step_global(0);
    return send(signal, tasks().find(task, "send_sig"));
}

extern "C" int send_sig(int signal, struct task_struct* task, int) {
    KLOOM_API();
    return send_sig_info(signal, nullptr, task);
}

extern "C" void force_sig(int signal) {
    KLOOM_API();
    send_sig_info(signal, nullptr, get_current());
}

extern "C" int kill_pid(struct pid* pid, int signal, int) {
    KLOOM_API();
    machine().step_global(0);
    if (pid == nullptr) return -ESRCH;
    note_object(pid, sizeof *pid, "kill_pid");
    return send(signal, tasks().find_pid(pid->nr));
}

extern "C" int kill_pid_info(int signal, struct kernel_siginfo*, struct pid* pid) {
    KLOOM_API();
    return kill_pid(pid, signal, 0);
}

// A process group has one process here.
extern "C" int kill_pgrp(struct pid* pid, int signal, int) {
    KLOOM_API();
    return kill_pid(pid, signal, 0);
}

extern "C" void allow_signal(int signal) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(get_current(), "allow_signal");
    if (record != nullptr) record->allowed_signals |= bit_of(signal);
}

extern "C" void disallow_signal(int signal) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(get_current(), "disallow_signal");
    if (record != nullptr) tasks().ignore_signal(*record, signal);
}

extern "C" void kernel_sigaction(int signal, void (*action)(int)) {
    KLOOM_API();
    if (action == SIG_IGN)
        disallow_signal(signal);
    else
        allow_signal(signal);
}

extern "C" void ignore_signals(struct task_struct* task) {
    KLOOM_API();
    if (TaskRecord* record = step_on_signals(task, "ignore_signals")) {
        record->allowed_signals = 0;
        tasks().clear_signals(*record);
    }
}

extern "C" void flush_signals(struct task_struct* task) {
    KLOOM_API();
    if (TaskRecord* record = step_on_signals(task, "flush_signals")) tasks().clear_signals(*record);
}

extern "C" int kernel_dequeue_signal(void) {
    KLOOM_API();
    TaskRecord* record = step_on_signals(get_current(), "kernel_dequeue_signal");
    return record != nullptr ? tasks().take_signal(*record) : 0;
}
