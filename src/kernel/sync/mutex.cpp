// Mutexes.

#include "kernel/module_access.hpp"
#include "kernel/sync/sleeping.hpp"

#include <linux/errno.h>
#include <linux/mutex.h>
#include <linux/sched.h>

using namespace kloom::kernel;
using kloom::trace::OperationKind;

namespace {

LockIdentity identity(const struct mutex* lock) {
    return {lock, &lock->dep_map, kloom::trace::kLockSleeps};
}

void take(struct mutex* lock, unsigned subclass, uint16_t flags = 0) {
    lock->owner = current_owner();
    emit_lock_acquire(identity(lock), subclass, flags);
}

// 0, or -EINTR when a signal that `state` listens to came first.
int lock_mutex(struct mutex* lock, unsigned subclass, unsigned state, const char* function) {
    begin_sleeping_function(function);
    require_memory(lock, sizeof *lock, function);
    emit_lock_request(identity(lock), subclass);
    SleepingWait wait(lock, state, "mutex");
    wait.sleeper().owner = current_owner();
    for (;;) {  // ends: a turn without the lock sleeps
        machine().step_object(OperationKind::Acquire, lock, 0);
        note_object(lock, sizeof *lock, function);
        if (wait.sleeper().is_granted || lock->owner == 0) break;
        if (wait.end() != WaitEnd::None) {
            wait.leave();
            return -EINTR;
        }
        require_initialised(lock->wait_list, function);
        wait.sleep();
        ++wait.sleeper().passes;
    }
    wait.leave();
    take(lock, subclass);
    return 0;
}

// Free for anybody, or handed to a sleeper that others have passed often enough.
void let_go(struct mutex* lock) {
    Sleeper* first = kernel().locks->sleepers().first(lock);
    const bool is_its_turn = first != nullptr && first->passes >= kPassesMax;
    lock->owner = is_its_turn ? first->owner : 0;
    if (is_its_turn) first->is_granted = true;
}

}  // namespace

extern "C" {

void __mutex_init(struct mutex* lock, const char* name, struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "mutex_init");
    lock->dep_map = {.key = key, .name = name};
    emit_lock_init(identity(lock), sizeof *lock);
    lock->owner = 0;
    INIT_LIST_HEAD(&lock->wait_list);
}

void mutex_destroy(struct mutex* lock) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "mutex_destroy");
    emit_lock_destroy(identity(lock));
}

void mutex_lock_nested(struct mutex* lock, unsigned int subclass) {
    KLOOM_API();
    lock_mutex(lock, subclass, TASK_UNINTERRUPTIBLE, "mutex_lock");
}

int mutex_lock_interruptible_nested(struct mutex* lock, unsigned int subclass) {
    KLOOM_API();
    return lock_mutex(lock, subclass, TASK_INTERRUPTIBLE, "mutex_lock_interruptible");
}

int mutex_lock_killable_nested(struct mutex* lock, unsigned int subclass) {
    KLOOM_API();
    return lock_mutex(lock, subclass, TASK_KILLABLE, "mutex_lock_killable");
}

int mutex_trylock(struct mutex* lock) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "mutex_trylock");
    if (lock->owner != 0) return 0;
    take(lock, 0, kloom::trace::kLockTry);
    return 1;
}

void mutex_unlock(struct mutex* lock) {
    KLOOM_API();
    machine().step_object(OperationKind::Release, lock, 0);
    note_object(lock, sizeof *lock, "mutex_unlock");
    emit_lock_release(identity(lock), path_of_owner(lock->owner));
    let_go(lock);
    wake_first_sleeper(lock);
}

bool mutex_is_locked(struct mutex* lock) {
    KLOOM_API();
    step_read(lock);
    note_object(lock, sizeof *lock, "mutex_is_locked");
    return lock->owner != 0;
}

}  // extern "C"
