// Counting semaphores: up() hands over to whoever has waited longest.

#include "kernel/module_access.hpp"
#include "kernel/sync/sleeping.hpp"
#include "kernel/ticks.hpp"

#include <linux/errno.h>
#include <linux/sched.h>
#include <linux/semaphore.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

LockIdentity identity(const struct semaphore* sem) {
    return {sem, &sem->lock.dep_map,
            kloom::trace::kLockSleeps | kloom::trace::kLockNoOwner | kloom::trace::kLockNoOrder};
}

// One of the count, when there is one and nobody waited longer.
bool take_count(struct semaphore* sem) {
    if (sem->count == 0) return false;
    --sem->count;
    return true;
}

WaitEnd take_semaphore(struct semaphore* sem, SleepingWait& wait, const char* function) {
    begin_sleeping_function(function);
    require_memory(sem, sizeof *sem, function);
    emit_lock_request(identity(sem), 0);
    for (;;) {  // ends: a turn without the semaphore sleeps
        machine().step_object(OperationKind::Acquire, sem, 0);
        note_object(sem, sizeof *sem, function);
        const Sleeper& self = wait.sleeper();
        if (self.is_granted || (!self.is_queued && take_count(sem))) break;
        if (const WaitEnd end = wait.end(); end != WaitEnd::None) {
            wait.leave();
            return end;
        }
        require_initialised(sem->wait_list, function);
        wait.sleep();
    }
    emit_lock_acquire(identity(sem), 0);
    return WaitEnd::None;
}

int down_in_state(struct semaphore* sem, unsigned state, const char* function) {
    SleepingWait wait(sem, state, "semaphore");
    return take_semaphore(sem, wait, function) == WaitEnd::None ? 0 : -EINTR;
}

// The step on the semaphore has been made.
void hand_over_or_count(struct semaphore* sem) {
    SleeperQueue& sleepers = kernel().locks->sleepers();
    if (sleepers.first(sem) != nullptr) machine().step_global(0);
    if (Sleeper* sleeper = sleepers.first(sem)) {
        sleeper->is_granted = true;
        sleepers.wake(*sleeper);
        return;
    }
    note_object(sem, sizeof *sem, "up");
    ++sem->count;
}

}  // namespace

extern "C" {

void kloom_sema_init(struct semaphore* sem, int val, const char* name) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, sem, 0);
    note_object(sem, sizeof *sem, "sema_init");
    sem->lock = {.owner = 0, .dep_map = {.key = nullptr, .name = name}};
    emit_lock_init(identity(sem), sizeof *sem);
    sem->count = static_cast<unsigned>(val);
    INIT_LIST_HEAD(&sem->wait_list);
}

void down(struct semaphore* sem) {
    KLOOM_API();
    down_in_state(sem, TASK_UNINTERRUPTIBLE, "down");
}

int down_interruptible(struct semaphore* sem) {
    KLOOM_API();
    return down_in_state(sem, TASK_INTERRUPTIBLE, "down_interruptible");
}

int down_killable(struct semaphore* sem) {
    KLOOM_API();
    return down_in_state(sem, TASK_KILLABLE, "down_killable");
}

int down_timeout(struct semaphore* sem, long timeout) {
    KLOOM_API();
    const auto deadline = deadline_in_ticks(static_cast<unsigned long>(timeout));
    SleepingWait wait(sem, TASK_UNINTERRUPTIBLE, "semaphore", deadline);
    return take_semaphore(sem, wait, "down_timeout") == WaitEnd::None ? 0 : -ETIME;
}

int down_trylock(struct semaphore* sem) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, sem, 0);
    note_object(sem, sizeof *sem, "down_trylock");
    if (!take_count(sem)) return 1;
    emit_lock_acquire(identity(sem), 0, kloom::trace::kLockTry);
    return 0;
}

void up(struct semaphore* sem) {
    KLOOM_API();
    machine().step_object(OperationKind::Release, sem, 0);
    note_object(sem, sizeof *sem, "up");
    emit_lock_release(identity(sem), machine().current().id);
    hand_over_or_count(sem);
}

}  // extern "C"
