// Pids as objects, and the walk over all tasks. The list and the table of pids are one object for the search: its address
// is that of init_task's list head.

#include "kernel/kernel.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/kthread.h>
#include <linux/lockdep.h>
#include <linux/pid.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

struct pid_namespace {
    unsigned int level;
};
struct pid_namespace init_pid_ns;

namespace {

TaskService& tasks() { return *kernel().tasks; }

// Reads the list: does not change it, so that two walks commute.
void step_task_list() {
    machine().step({.kind = OperationKind::Sync,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(&init_task.tasks),
                                  .size = sizeof init_task.tasks,
                                  .scope = kloom::trace::Scope::Object,
                                  .is_write = false,
                                  .cpu = machine().cpu()},
                    .pc = machine().current().call_pc});
}

void check_list_is_protected(const char* message) {
    if (!rcu_read_lock_any_held() && lockdep_is_held(&tasklist_lock) == 0)
        emit_misuse("rcu-misuse", kloom::trace::Severity::Error, message);
}

TaskRecord* find_by_number(int nr) {
    step_task_list();
    return tasks().find_pid(nr);
}

TaskRecord* find_by_identity(struct pid* pid, const char* function) {
    if (pid == nullptr) return nullptr;
    note_object(pid, sizeof *pid, function);
    return find_by_number(pid->nr);
}

struct task_struct* with_reference(TaskRecord* record) {
    if (record == nullptr) return nullptr;
    tasks().get_reference(*record);
    return record->task;
}

}  // namespace

extern "C" struct task_struct* kloom_next_task(struct task_struct* task) {
    KLOOM_API();
    step_task_list();
    check_list_is_protected("the list of tasks is walked with neither rcu_read_lock() nor tasklist_lock");
    if (tasks().find(task, "next_task") == nullptr) return &init_task;
    return list_entry(task->tasks.next, struct task_struct, tasks);
}

extern "C" struct pid* find_vpid(int nr) {
    KLOOM_API();
    TaskRecord* record = find_by_number(nr);
    return record != nullptr ? record->identity : nullptr;
}

extern "C" struct pid* find_get_pid(int nr) {
    KLOOM_API();
    return get_pid(find_vpid(nr));
}

extern "C" struct pid* get_pid(struct pid* pid) {
    KLOOM_API();
    if (pid == nullptr) return nullptr;
    note_object(pid, sizeof *pid, "get_pid");
    ++pid->count.refs.counter;
    return pid;
}

extern "C" void put_pid(struct pid* pid) {
    KLOOM_API();
    if (pid == nullptr) return;
    note_object(pid, sizeof *pid, "put_pid");
    --pid->count.refs.counter;
}

extern "C" struct pid* task_pid(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "task_pid");
    return record != nullptr ? record->identity : nullptr;
}

extern "C" struct pid* get_task_pid(struct task_struct* task, enum pid_type) {
    KLOOM_API();
    return get_pid(task_pid(task));
}

extern "C" struct task_struct* pid_task(struct pid* pid, enum pid_type) {
    KLOOM_API();
    TaskRecord* record = find_by_identity(pid, "pid_task");
    return record != nullptr ? record->task : nullptr;
}

extern "C" struct task_struct* get_pid_task(struct pid* pid, enum pid_type) {
    KLOOM_API();
    return with_reference(find_by_identity(pid, "get_pid_task"));
}

extern "C" struct task_struct* find_task_by_vpid(pid_t nr) {
    KLOOM_API();
    TaskRecord* record = find_by_number(nr);
    return record != nullptr ? record->task : nullptr;
}

extern "C" struct task_struct* find_get_task_by_vpid(pid_t nr) {
    KLOOM_API();
    return with_reference(find_by_number(nr));
}
