#include "kernel/sync/sleeping.hpp"

#include "kernel/irq/waiters.hpp"
#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/list.h>
#include <linux/sched.h>

namespace kloom::kernel {

SleepingWait::SleepingWait(const void* object, unsigned state, const char* what,
                           VirtualTime deadline)
    : state_(state), what_(what), deadline_(deadline) {
    sleeper_.object = object;
    sleeper_.task = &kernel().tasks->current();
}

WaitEnd SleepingWait::end() const {
    if (kernel().tasks->has_signal_for(*sleeper_.task, state_)) return WaitEnd::Signal;
    return is_in_time_ ? WaitEnd::None : WaitEnd::Time;
}

void SleepingWait::sleep() {
    check_can_sleep();
    if (!sleeper_.is_queued) kernel().locks->sleepers().add(sleeper_);
    is_in_time_ = kernel().tasks->sleep(state_, what_, sleeper_.object, deadline_);
}

void SleepingWait::leave() {
    if (sleeper_.is_queued) kernel().locks->sleepers().remove(sleeper_);
}

void require_initialised(const list_head& wait_list, const char* function) {
    if (wait_list.next == nullptr) note_object(wait_list.next, sizeof wait_list, function);
}

void wake_first_sleeper(const void* object) {
    SleeperQueue& sleepers = kernel().locks->sleepers();
    if (sleepers.first(object) == nullptr) return;
    machine().step_global(0);
    if (Sleeper* sleeper = sleepers.first(object)) sleepers.wake(*sleeper);
}

}  // namespace kloom::kernel
