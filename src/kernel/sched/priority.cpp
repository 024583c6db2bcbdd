// Priorities and names of tasks. They are recorded, so that a module reads back what it set; the machine's search lets any
// runnable task go first, whatever its priority.

#include <algorithm>
#include <cstring>
#include <string_view>

#include "kernel/kernel.hpp"
#include "kernel/log.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/task_stack.h>

using namespace kloom::kernel;

namespace {

struct Policy {
    int policy;
    int rt_priority;
    int nice;
};

TaskRecord* find(const struct task_struct* task, const char* function) {
    return kernel().tasks->find(const_cast<struct task_struct*>(task), function);
}

bool is_realtime(int policy) { return policy == SCHED_FIFO || policy == SCHED_RR; }

int set_policy(struct task_struct* task, Policy wanted) {
    TaskRecord* record = find(task, "sched_setscheduler");
    if (record == nullptr) return -ESRCH;
    const int policy = wanted.policy & ~SCHED_RESET_ON_FORK;
    const bool has_priority = wanted.rt_priority >= 1 && wanted.rt_priority < MAX_RT_PRIO;
    if (policy < SCHED_NORMAL || policy > SCHED_IDLE || policy == 4) return -EINVAL;
    if (is_realtime(policy) ? !has_priority : wanted.rt_priority != 0) return -EINVAL;
    task->policy = static_cast<unsigned>(policy);
    task->rt_priority = static_cast<unsigned>(wanted.rt_priority);
    if (!is_realtime(policy)) task->static_prio = NICE_TO_PRIO(wanted.nice);
    task->normal_prio = is_realtime(policy) ? MAX_RT_PRIO - 1 - wanted.rt_priority : task->static_prio;
    task->prio = task->normal_prio;
    return 0;
}

}  // namespace

extern "C" void set_user_nice(struct task_struct* task, long nice) {
    KLOOM_API();
    if (nice < MIN_NICE || nice > MAX_NICE || find(task, "set_user_nice") == nullptr) return;
    task->static_prio = NICE_TO_PRIO(static_cast<int>(nice));
    if (!is_realtime(static_cast<int>(task->policy))) task->prio = task->normal_prio = task->static_prio;
}

extern "C" int task_prio(const struct task_struct* task) {
    KLOOM_API();
    return find(task, "task_prio") != nullptr ? task->prio - MAX_RT_PRIO : 0;
}

// Root may.
extern "C" int can_nice(const struct task_struct* task, int) {
    KLOOM_API();
    return find(task, "can_nice") != nullptr;
}

extern "C" int kloom_sched_setscheduler(struct task_struct* task, int policy, const struct sched_param* param) {
    KLOOM_API();
    note_read(param, sizeof *param);
    return set_policy(task, {policy, param->sched_priority, 0});
}

extern "C" int sched_setscheduler_nocheck(struct task_struct* task, int policy, const struct sched_param* param) {
    KLOOM_API();
    return kloom_sched_setscheduler(task, policy, param);
}

extern "C" int sched_setattr(struct task_struct* task, const struct sched_attr* attr) {
    KLOOM_API();
    note_read(attr, sizeof *attr);
    return set_policy(
        task, {static_cast<int>(attr->sched_policy), static_cast<int>(attr->sched_priority), attr->sched_nice});
}

extern "C" int sched_setattr_nocheck(struct task_struct* task, const struct sched_attr* attr) {
    KLOOM_API();
    return sched_setattr(task, attr);
}

extern "C" void sched_set_fifo(struct task_struct* task) {
    KLOOM_API();
    set_policy(task, {SCHED_FIFO, MAX_RT_PRIO / 2, 0});
}

extern "C" void sched_set_fifo_low(struct task_struct* task) {
    KLOOM_API();
    set_policy(task, {SCHED_FIFO, 1, 0});
}

extern "C" void sched_set_normal(struct task_struct* task, int nice) {
    KLOOM_API();
    set_policy(task, {SCHED_NORMAL, 0, nice});
}

// ---- names -------------------------------------------------------------------------------------------------------------

extern "C" char* __get_task_comm(char* buffer, size_t size, struct task_struct* task) {
    KLOOM_API();
    if (find(task, "get_task_comm") == nullptr || size == 0) return buffer;
    const size_t length = std::min(std::string_view(task->comm).size(), size - 1);
    note_write(buffer, size);
    std::memset(buffer, 0, size);
    std::memcpy(buffer, task->comm, length);
    return buffer;
}

extern "C" void __set_task_comm(struct task_struct* task, const char* name, bool) {
    KLOOM_API();
    if (find(task, "set_task_comm") == nullptr) return;
    const size_t length = module_strnlen(name, TASK_COMM_LEN - 1);
    std::memset(task->comm, 0, sizeof task->comm);
    std::memcpy(task->comm, name, length);
}

extern "C" void sched_show_task(struct task_struct* task) {
    KLOOM_API();
    if (find(task, "sched_show_task") == nullptr) return;
    log_message(KERN_INFO "task:%-15.15s state:%c stack:    0 pid:%5d ppid:%6d flags:0x%08lx\n", task->comm,
                task_state_to_char(task), task->pid, task->real_parent->pid, static_cast<unsigned long>(task->flags));
}

// ---- memory ------------------------------------------------------------------------------------------------------------

extern "C" int object_is_on_stack(const void* object) {
    KLOOM_API();
    const kloom::trace::AddressInfo info = machine().memory().classify(reinterpret_cast<uintptr_t>(object));
    return info.region == kloom::trace::Region::Stack && info.owner == machine().current().id;
}

// The address space lives as long as the machine, so references to it need no count.
extern "C" struct mm_struct* get_task_mm(struct task_struct* task) {
    KLOOM_API();
    return find(task, "get_task_mm") != nullptr ? task->mm : nullptr;
}

extern "C" void mmput(struct mm_struct*) {
    KLOOM_API();
    emit_might_sleep("mmput", false);
}

extern "C" bool set_freezable(void) {
    KLOOM_API();
    emit_might_sleep("set_freezable", false);
    kernel().tasks->current().task->flags &= ~static_cast<unsigned>(PF_NOFREEZE);
    return false;
}

extern "C" bool try_to_freeze(void) {
    KLOOM_API();
    emit_might_sleep("try_to_freeze", false);
    return false;
}
