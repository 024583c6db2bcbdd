#include "kernel/sched/tasks.hpp"

#include <algorithm>
#include <cstdio>

#include "kernel/irq/callback.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/task_block.hpp"
#include "kernel/sync/rcu.hpp"

#include <linux/kthread.h>
#include <linux/panic.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

namespace kloom::kernel {

namespace {

constexpr int32_t kInitPid = 1;
constexpr int32_t kKthreaddPid = 2;
constexpr unsigned kIdleFlags = PF_IDLE | PF_KTHREAD | PF_NO_SETAFFINITY;

}  // namespace

TaskService::TaskService(machine::Machine& machine) {
    add_task_regions(machine.memory());
    idle_tasks_.resize(static_cast<size_t>(machine.possible_cpus()));
}

void TaskService::begin_execution() {
    records_.clear();
    ended_.clear();
    work_waiters_.reset();
    std::ranges::fill(idle_tasks_, nullptr);
    next_pid_ = kFirstKernelPid;
    reset_task_list_lock();
    reset_root_credentials();
}

// ---- records ---------------------------------------------------------------------------------------------------------

// The tasks that every system has. Made when the first task runs, since memory is reset between begin_execution() and it.
void TaskService::populate() {
    TaskRecord& swapper = records_.emplace_back();
    init_task_struct(init_task, "swapper/0", 0, 1);
    init_task.flags = kIdleFlags;
    INIT_LIST_HEAD(&init_task.tasks);
    swapper.task = &init_task;
    swapper.identity = new_identity(0);
    swapper.is_kthread = true;
    idle_tasks_[0] = &swapper;
    init_task.parent = init_task.real_parent = &init_task;

    for (const int32_t pid : {kInitPid, kKthreaddPid}) {
        TaskRecord& record = add_record(pid == kInitPid ? "systemd" : "kthreadd", pid);
        record.is_kthread = pid == kKthreaddPid;
        record.task->flags = record.is_kthread ? PF_KTHREAD | PF_NOFREEZE : 0;
        record.task->__state = TASK_INTERRUPTIBLE;
        if (!record.is_kthread) record.task->mm = record.task->active_mm = user_address_space();
        link(record, init_task);
    }
}

TaskRecord& TaskService::add_record(std::string_view name, int32_t pid) {
    TaskRecord& record = records_.emplace_back();
    record.task = new_task_struct();
    record.identity = new_identity(pid);
    init_task_struct(*record.task, name, pid, static_cast<unsigned>(records_.size()));
    record.task->thread_pid = record.identity;
    return record;
}

TaskRecord& TaskService::idle_task(CpuId cpu) {
    TaskRecord*& slot = idle_tasks_[cpu.index()];
    if (slot != nullptr) return *slot;
    if (records_.empty()) populate();
    if (slot != nullptr) return *slot;
    char name[TASK_COMM_LEN];
    std::snprintf(name, sizeof name, "swapper/%u", cpu.value);
    slot = &add_record(name, 0);
    slot->is_kthread = true;
    slot->task->flags = kIdleFlags;
    slot->task->cpu = slot->task->thread_info.cpu = cpu.value;
    return *slot;
}

// A task that was made without this service: the boot task, user processes.
TaskRecord& TaskService::adopt(machine::Task& path) {
    if (records_.empty()) populate();
    TaskRecord& record = add_record(path.name, path.pid);
    record.path = &path;
    path.client = &record;
    record.allowed_signals = ~uint64_t{0};
    record.task->mm = record.task->active_mm = user_address_space();
    copy_cpu_set(path.affinity, &record.task->cpus_mask);
    record.task->nr_cpus_allowed = static_cast<int>(affinity(record).count());
    link(record, *find_pid(kInitPid)->task);
    return record;
}

TaskRecord* TaskService::record_of(const machine::Task& path) { return static_cast<TaskRecord*>(path.client); }

TaskRecord& TaskService::current() {
    machine::Task* path = machine().running_task(machine().cpu());
    if (path == nullptr) return idle_task(machine().cpu());
    return path->client != nullptr ? *record_of(*path) : adopt(*path);
}

TaskRecord* TaskService::find(task_struct* task, const char* function) {
    reap();
    note_object(task, sizeof *task, function);
    const size_t index = size_t{task->kloom_index} - 1;
    if (index < records_.size() && records_[index].task == task) return &records_[index];
    emit_misuse("wild-access", trace::Severity::Error, "a task_struct pointer names no task", task);
    return nullptr;
}

TaskRecord* TaskService::find_pid(int32_t pid) {
    const auto found = std::ranges::find_if(
        records_, [pid](const TaskRecord& record) { return record.is_linked && record.identity->nr == pid; });
    return found != records_.end() ? &*found : nullptr;
}

// ---- life ------------------------------------------------------------------------------------------------------------

void TaskService::link(TaskRecord& record, task_struct& parent) {
    task_struct& task = *record.task;
    list_add_tail(&task.tasks, &init_task.tasks);
    list_add_tail(&task.sibling, &parent.children);
    task.parent = task.real_parent = &parent;
    record.is_linked = true;
}

// RCU readers that stand on the task find their way on: its next pointers stay.
void TaskService::unlink(TaskRecord& record) {
    if (!record.is_linked) return;
    record.is_linked = false;
    task_struct& task = *record.task;
    for (list_head* entry : {&task.tasks, &task.sibling}) {
        entry->next->prev = entry->prev;
        entry->prev->next = entry->next;
    }
    task.thread_pid = nullptr;
}

TaskRecord& TaskService::create_thread(const ThreadSpec& spec) {
    current();  // whoever comes first makes the system's own tasks
    TaskRecord& record = add_record(spec.name, next_pid_++);
    record.is_kthread = true;
    record.function = spec.function;
    record.data = spec.data;
    task_struct& task = *record.task;
    task.flags = PF_KTHREAD | PF_NOFREEZE | (spec.is_bound ? PF_NO_SETAFFINITY : 0);
    task.__state = TASK_UNINTERRUPTIBLE;
    record.path = &machine().create_task({.name = task.comm,
                                          .entry = &TaskService::thread_main,
                                          .argument = &record,
                                          .pid = task.pid,
                                          .affinity = spec.affinity,
                                          .client = &record});
    copy_cpu_set(spec.affinity, &task.cpus_mask);
    task.nr_cpus_allowed = static_cast<int>(affinity(record).count());
    link(record, *find_pid(kKthreaddPid)->task);
    return record;
}

void TaskService::start(TaskRecord& record) { wake(record, TASK_NORMAL); }

// The first function of every kernel thread.
void TaskService::thread_main(void* argument) {
    TaskRecord& record = *static_cast<TaskRecord*>(argument);
    int result = -EINTR;
    if (!record.should_stop) {
        if (record.should_park) kthread_parkme();
        // Nothing puts its context right when it returns, unlike that of a callback: it is taken to its end.
        emit_callback_enter(reinterpret_cast<void*>(record.function), "kthread");
        result = record.function(record.data);
        emit_callback_return(reinterpret_cast<void*>(record.function), "kthread");
    }
    kernel().tasks->exit_current(result);
}

void TaskService::exit_current(int result) {
    TaskRecord& record = current();
    complain_if_atomic();
    machine().step({.kind = trace::OperationKind::Schedule,
                    .footprint = {.cpu = machine().cpu()},
                    .is_ready = [](const void*) { return !is_task_list_locked(); }});
    task_struct& task = *record.task;
    emit_release(&task);
    task.flags |= PF_EXITING;
    task.exit_code = record.result = result;
    task.exit_state = EXIT_DEAD;
    task.__state = TASK_DEAD;
    record.has_exited = true;
    unlink(record);
    wake_waiters(record);
}

void TaskService::on_task_end(machine::Task& path) {
    TaskRecord* record = record_of(path);
    if (record == nullptr) return;
    record->has_exited = true;
    unlink(*record);
    record->path = nullptr;
    record->task->on_cpu = 0;
    ended_.push_back(record);
    reap();
}

void TaskService::reap() {
    if (ended_.empty() || kernel().rcu->has_readers()) return;
    for (TaskRecord* record : ended_) put_reference(*record);
    ended_.clear();
}

void TaskService::set_name(TaskRecord& record, std::string_view name) {
    char(&comm)[TASK_COMM_LEN] = record.task->comm;
    std::ranges::fill(comm, '\0');
    name.copy(comm, TASK_COMM_LEN - 1);
}

void TaskService::get_reference(TaskRecord& record) { ++record.task->usage.refs.counter; }

void TaskService::put_reference(TaskRecord& record) {
    if (--record.task->usage.refs.counter == 0 && record.path == nullptr && record.task != &init_task) release(record);
}

void TaskService::release(TaskRecord& record) {
    record.is_freed = true;
    free_task_struct(record.task);
}

void TaskService::on_switch(machine::Task* previous, machine::Task* next, CpuId cpu) {
    if (previous != nullptr)
        if (TaskRecord* record = record_of(*previous); record != nullptr && !record->is_freed) {
            record->task->on_cpu = 0;
            ++record->task->nvcsw;
        }
    if (next == nullptr) return;
    TaskRecord& record = next->client != nullptr ? *record_of(*next) : adopt(*next);
    record.task->on_cpu = 1;
    record.task->cpu = record.task->thread_info.cpu = cpu.value;
}

void TaskService::report_leftovers(const ModuleImage& module) {
    for (TaskRecord& record : records_) {
        const auto function = reinterpret_cast<uintptr_t>(record.function);
        const bool is_of_module = module.contains_text(function) || record.function == &kthread_worker_fn;
        if (record.is_kthread && !record.has_exited && is_of_module)
            emit_leftover("kthread", record.task->comm, reinterpret_cast<void*>(record.function));
    }
}

}  // namespace kloom::kernel

using namespace kloom::kernel;

extern "C" struct task_struct* get_current(void) { return kernel().tasks->current().task; }

extern "C" struct task_struct* get_task_struct(struct task_struct* task) {
    KLOOM_API();
    machine().step_object(kloom::trace::OperationKind::Sync, task, 0);
    if (TaskRecord* record = kernel().tasks->find(task, "get_task_struct")) kernel().tasks->get_reference(*record);
    return task;
}

extern "C" void put_task_struct(struct task_struct* task) {
    KLOOM_API();
    machine().step_object(kloom::trace::OperationKind::Sync, task, 0);
    if (TaskRecord* record = kernel().tasks->find(task, "put_task_struct")) kernel().tasks->put_reference(*record);
}

extern "C" void do_exit(long code) {
    KLOOM_API();
    if (machine().current().kind != kloom::trace::PathKind::Task) panic("Aiee, killing interrupt handler!");
    TaskRecord& record = kernel().tasks->current();
    if (record.function != nullptr) emit_callback_return(reinterpret_cast<void*>(record.function), "kthread");
    kernel().tasks->exit_current(static_cast<int>(code));
    machine().exit_task();
}

extern "C" void make_task_dead(int signr) {
    KLOOM_API();
    do_exit(signr);
}

extern "C" int nr_processes(void) {
    KLOOM_API();
    return static_cast<int>(
        std::ranges::count_if(kernel().tasks->records(), [](const TaskRecord& record) { return record.is_linked; }));
}
