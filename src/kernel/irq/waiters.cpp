#include "kernel/irq/waiters.hpp"

#include "kernel/sched/tasks.hpp"

#include <linux/sched.h>

namespace kloom::kernel {

void check_can_sleep() {
    if (machine().current().kind == trace::PathKind::Task) return;
    emit_might_sleep("schedule", true);
    machine().stop_execution();
}

void Waiters::wait(const void* object, const char* what) {
    check_can_sleep();
    TaskRecord& task = kernel().tasks->current();
    entries_.push_back({object, &task});
    kernel().tasks->sleep(TASK_UNINTERRUPTIBLE, what, object);
    machine().step_global(0);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.task == &task; });
}

void Waiters::wake(const void* object) {
    for (const Entry& entry : entries_)
        if (entry.object == object) kernel().tasks->wake(*entry.task, TASK_NORMAL);
    std::erase_if(entries_, [&](const Entry& entry) { return entry.object == object; });
}

}  // namespace kloom::kernel
