// kthread_create() and what goes with it: stopping, parking, binding.

#include <cstdarg>

#include "kernel/kernel.hpp"
#include "kernel/lib/format.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/bug.h>
#include <linux/completion.h>
#include <linux/kthread.h>
#include <linux/sched.h>
#include <linux/sched/task.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

TaskService& tasks() { return *kernel().tasks; }

kloom::machine::CpuSet only(unsigned int cpu) { return kloom::machine::CpuSet().set(cpu); }

// A question about a kthread that others answer: does not change it, and must be seen between their steps.
void step_question(const TaskRecord& record) {
    machine().step({.kind = OperationKind::Sync,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(record.task),
                                  .size = 1,
                                  .scope = kloom::trace::Scope::Object,
                                  .is_write = false,
                                  .cpu = machine().cpu()},
                    .pc = machine().current().call_pc});
}

bool should_stop(TaskRecord& record) {
    step_question(record);
    if (record.should_stop) emit_acquire(record.task);
    return record.should_stop;
}

struct task_struct* create(const ThreadSpec& spec) {
    emit_might_sleep("kthread_create", true);
    machine().step_global(0);
    TaskRecord& creator = tasks().current();
    if (tasks().has_signal_for(creator, TASK_KILLABLE)) return static_cast<struct task_struct*>(ERR_PTR(-EINTR));
    return tasks().create_thread(spec).task;
}

// Only a kthread that has not run may be bound; Linux warns and leaves it alone otherwise.
void bind_before_start(struct task_struct* task, const kloom::machine::CpuSet& cpus, const char* function) {
    machine().step_global(0);
    TaskRecord* record = tasks().find(task, function);
    if (record == nullptr) return;
    if (record->path == nullptr || record->path->is_started) {
        kloom_warn("kthread_bind() of a kthread that runs already", "kernel/kthread.c", __LINE__, nullptr);
        return;
    }
    tasks().set_affinity(*record, cpus);
    record->task->flags |= PF_NO_SETAFFINITY;
}

// Stays halted as long as it is asked to.
void park_here(TaskRecord& self) {
    while (self.should_park) {  // ends: kthread_unpark() or kthread_stop()
        self.is_parked = true;
        tasks().wake_waiters(self);
        tasks().sleep(TASK_PARKED, "kthread_parkme", self.task);
        machine().step_global(0);
    }
    self.is_parked = false;
}

void unpark(TaskRecord& record) {
    if (!record.should_park) return;
    record.should_park = false;
    emit_release(record.task);
    tasks().wake(record, TASK_PARKED);
}

}  // namespace

// ---- making ------------------------------------------------------------------------------------------------------------

extern "C" struct task_struct* kthread_create_on_node(int (*threadfn)(void*), void* data, int, const char namefmt[], ...) {
    KLOOM_API();
    char name[TASK_COMM_LEN];
    va_list arguments;
    va_start(arguments, namefmt);
    format_text(name, sizeof name, namefmt, arguments);
    va_end(arguments);
    return create({.name = name, .function = threadfn, .data = data});
}

extern "C" struct task_struct* kthread_create_on_cpu(int (*threadfn)(void*), void* data, unsigned int cpu,
                                                     const char* namefmt) {
    KLOOM_API();
    struct task_struct* task = kthread_create_on_node(threadfn, data, -1, namefmt, cpu);
    if (IS_ERR(task)) return task;
    kthread_bind(task, cpu);
    kthread_set_per_cpu(task, static_cast<int>(cpu));
    return task;
}

extern "C" void kthread_bind(struct task_struct* task, unsigned int cpu) {
    KLOOM_API();
    bind_before_start(task, only(cpu), "kthread_bind");
}

extern "C" void kthread_bind_mask(struct task_struct* task, const struct cpumask* mask) {
    KLOOM_API();
    note_read(mask, sizeof mask->bits[0]);
    bind_before_start(task, cpu_set_of(mask), "kthread_bind_mask");
}

extern "C" void kthread_set_per_cpu(struct task_struct* task, int cpu) {
    KLOOM_API();
    if (TaskRecord* record = tasks().find(task, "kthread_set_per_cpu")) record->is_kthread_per_cpu = cpu >= 0;
}

extern "C" bool kthread_is_per_cpu(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "kthread_is_per_cpu");
    return record != nullptr && record->is_kthread_per_cpu;
}

// ---- stopping ----------------------------------------------------------------------------------------------------------

extern "C" int kthread_stop(struct task_struct* task) {
    KLOOM_API();
    emit_might_sleep("kthread_stop", false);
    machine().step_global(0);
    TaskRecord* record = tasks().find(task, "kthread_stop");
    if (record == nullptr) return -ESRCH;
    tasks().get_reference(*record);
    emit_release(task);
    record->should_stop = true;
    unpark(*record);
    tasks().wake(*record, TASK_NORMAL);
    tasks().wait_for(*record, [](const TaskRecord& waited) { return waited.has_exited; }, "kthread_stop");
    const int result = record->result;
    tasks().put_reference(*record);
    return result;
}

extern "C" bool kthread_should_stop(void) {
    KLOOM_API();
    return should_stop(tasks().current());
}

extern "C" bool __kthread_should_stop(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "__kthread_should_stop");
    return record != nullptr && should_stop(*record);
}

extern "C" bool kthread_freezable_should_stop(bool* was_frozen) {
    KLOOM_API();
    emit_might_sleep("kthread_freezable_should_stop", false);
    if (was_frozen != nullptr) {
        note_write(was_frozen, sizeof *was_frozen);
        *was_frozen = false;
    }
    return should_stop(tasks().current());
}

extern "C" void kthread_exit(long result) {
    KLOOM_API();
    do_exit(result);
}

extern "C" void kthread_complete_and_exit(struct completion* completion, long code) {
    KLOOM_API();
    if (completion != nullptr) complete(completion);
    do_exit(code);
}

extern "C" void complete_and_exit(struct completion* completion, long code) {
    KLOOM_API();
    kthread_complete_and_exit(completion, code);
}

// ---- parking -----------------------------------------------------------------------------------------------------------

extern "C" int kthread_park(struct task_struct* task) {
    KLOOM_API();
    emit_might_sleep("kthread_park", false);
    machine().step_global(0);
    TaskRecord* record = tasks().find(task, "kthread_park");
    if (record == nullptr || record->has_exited) return -ENOSYS;
    if (record->should_park) return -EBUSY;
    record->should_park = true;
    emit_release(task);
    if (record == &tasks().current()) return 0;
    tasks().wake(*record, TASK_NORMAL);
    tasks().wait_for(
        *record, [](const TaskRecord& waited) { return waited.is_parked || waited.has_exited; }, "kthread_park");
    return 0;
}

extern "C" void kthread_unpark(struct task_struct* task) {
    KLOOM_API();
    machine().step_global(0);
    if (TaskRecord* record = tasks().find(task, "kthread_unpark")) unpark(*record);
}

extern "C" bool kthread_should_park(void) {
    KLOOM_API();
    TaskRecord& self = tasks().current();
    step_question(self);
    return self.should_park;
}

extern "C" bool __kthread_should_park(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "__kthread_should_park");
    if (record == nullptr) return false;
    step_question(*record);
    return record->should_park;
}

extern "C" void kthread_parkme(void) {
    KLOOM_API();
    emit_might_sleep("kthread_parkme", false);
    machine().step_global(0);
    park_here(tasks().current());
}

// ---- asking ------------------------------------------------------------------------------------------------------------

extern "C" void* kthread_data(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "kthread_data");
    return record != nullptr ? record->data : nullptr;
}

extern "C" void* kthread_probe_data(struct task_struct* task) {
    KLOOM_API();
    return kthread_data(task);
}

extern "C" void* kthread_func(struct task_struct* task) {
    KLOOM_API();
    TaskRecord* record = tasks().find(task, "kthread_func");
    return record != nullptr ? reinterpret_cast<void*>(record->function) : nullptr;
}
