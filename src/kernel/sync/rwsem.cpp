// Sleeping reader-writer locks. A release hands the lock to the first sleeper, and if that is a
// reader, to all readers that sleep, also those behind a writer, as Linux does since 5.3: readers
// that share a turn cost the writers one turn, not several.

#include "kernel/module_access.hpp"
#include "kernel/sync/sleeping.hpp"

#include <linux/errno.h>
#include <linux/percpu-rwsem.h>
#include <linux/rwsem.h>
#include <linux/sched.h>

using namespace kloom::kernel;
using kloom::trace::kNoPath;
using kloom::trace::OperationKind;
using kloom::trace::PathId;

namespace {

LockIdentity writer(const struct rw_semaphore* sem) {
    return {sem, &sem->dep_map, kloom::trace::kLockSleeps};
}

LockIdentity reader(const struct rw_semaphore* sem) {
    return {sem, &sem->dep_map, kloom::trace::kLockSleeps | kloom::trace::kLockShared};
}

LockIdentity identity(const struct rw_semaphore* sem, bool is_reader) {
    return is_reader ? reader(sem) : writer(sem);
}

bool is_free_for(const struct rw_semaphore* sem, bool is_reader) {
    const auto count = sem->count.counter;
    return count == RWSEM_UNLOCKED_VALUE || (is_reader && (count & RWSEM_WRITER_LOCKED) == 0);
}

void take(struct rw_semaphore* sem, bool is_reader, unsigned owner) {
    sem->count.counter += is_reader ? RWSEM_READER_BIAS : RWSEM_WRITER_LOCKED;
    if (!is_reader) sem->owner = owner;
}

void stop_writing(struct rw_semaphore* sem) {
    emit_lock_release(writer(sem), path_of_owner(sem->owner));
    sem->count.counter &= ~RWSEM_WRITER_LOCKED;
    sem->owner = 0;
}

// Takes the lock for a path that comes now: those who wait came first.
bool take_now(struct rw_semaphore* sem, bool is_reader) {
    if (kernel().locks->sleepers().first(sem) != nullptr || !is_free_for(sem, is_reader))
        return false;
    take(sem, is_reader, current_owner());
    return true;
}

void grant(struct rw_semaphore* sem, Sleeper& sleeper) {
    take(sem, sleeper.is_reader, sleeper.owner);
    sleeper.is_granted = true;
    kernel().locks->sleepers().wake(sleeper);
}

// Hands the lock to those whose turn it is, in a step of its own.
void hand_over(struct rw_semaphore* sem) {
    const SleeperQueue& sleepers = kernel().locks->sleepers();
    if (sleepers.first(sem) == nullptr) return;
    machine().step_global(0);
    note_object(sem, sizeof *sem, "rwsem_wake");
    Sleeper* first = sleepers.first(sem);
    if (first == nullptr || !is_free_for(sem, first->is_reader)) return;
    if (!first->is_reader) return grant(sem, *first);
    while (Sleeper* reader = sleepers.first_reader(sem))  // ends: each one leaves the queue
        grant(sem, *reader);
}

struct Request {
    bool is_reader;
    unsigned subclass;
    unsigned state;
    const char* function;
};

// 0, or -EINTR when a signal that the state listens to came first.
int lock_rwsem(struct rw_semaphore* sem, const Request& request) {
    begin_sleeping_function(request.function);
    require_memory(sem, sizeof *sem, request.function);
    emit_lock_request(identity(sem, request.is_reader), request.subclass);
    SleepingWait wait(sem, request.state, "rw_semaphore");
    Sleeper& self = wait.sleeper();
    self.is_reader = request.is_reader;
    self.owner = current_owner();
    for (;;) {  // ends: a turn without the lock sleeps
        machine().step_object(OperationKind::Acquire, sem, 0);
        note_object(sem, sizeof *sem, request.function);
        if (self.is_granted || (!self.is_queued && take_now(sem, request.is_reader))) break;
        if (wait.end() != WaitEnd::None) {
            wait.leave();
            hand_over(sem);  // whoever stood behind
            return -EINTR;
        }
        require_initialised(sem->wait_list, request.function);
        wait.sleep();
    }
    emit_lock_acquire(identity(sem, request.is_reader), request.subclass);
    return 0;
}

int trylock_rwsem(struct rw_semaphore* sem, bool is_reader, const char* function) {
    machine().step_object(OperationKind::Sync, sem, 0);
    note_object(sem, sizeof *sem, function);
    if (!take_now(sem, is_reader)) return 0;
    emit_lock_acquire(identity(sem, is_reader), 0, kloom::trace::kLockTry);
    return 1;
}

void release_reader(struct rw_semaphore* sem, uint16_t flags) {
    machine().step_object(OperationKind::Release, sem, 0);
    note_object(sem, sizeof *sem, "up_read");
    LockIdentity lock = reader(sem);
    lock.flags |= flags;
    const PathId self = machine().current().id;
    emit_lock_release(lock, kernel().locks->is_held_by(sem, self) ? self : kNoPath);
    if (sem->count.counter >= RWSEM_READER_BIAS) sem->count.counter -= RWSEM_READER_BIAS;
    hand_over(sem);
}

}  // namespace

extern "C" {

void __init_rwsem(struct rw_semaphore* sem, const char* name, struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, sem, 0);
    note_object(sem, sizeof *sem, "init_rwsem");
    sem->dep_map = {.key = key, .name = name};
    emit_lock_init(writer(sem), sizeof *sem);
    sem->count.counter = RWSEM_UNLOCKED_VALUE;
    sem->owner = 0;
    INIT_LIST_HEAD(&sem->wait_list);
}

int rwsem_is_locked(struct rw_semaphore* sem) {
    KLOOM_API();
    step_read(sem);
    note_object(sem, sizeof *sem, "rwsem_is_locked");
    return !is_free_for(sem, false);
}

int rwsem_is_contended(struct rw_semaphore* sem) {
    KLOOM_API();
    step_read(sem);
    note_object(sem, sizeof *sem, "rwsem_is_contended");
    return kernel().locks->sleepers().first(sem) != nullptr;
}

bool kloom_rwsem_has_writer(struct rw_semaphore* sem) {
    KLOOM_API();
    step_read(sem);
    note_object(sem, sizeof *sem, "percpu_is_write_locked");
    return sem->owner != 0 || kernel().locks->sleepers().first_writer(sem) != nullptr;
}

void down_read_nested(struct rw_semaphore* sem, int subclass) {
    KLOOM_API();
    lock_rwsem(sem, {true, static_cast<unsigned>(subclass), TASK_UNINTERRUPTIBLE, "down_read"});
}

int down_read_interruptible(struct rw_semaphore* sem) {
    KLOOM_API();
    return lock_rwsem(sem, {true, 0, TASK_INTERRUPTIBLE, "down_read_interruptible"});
}

int down_read_killable_nested(struct rw_semaphore* sem, int subclass) {
    KLOOM_API();
    return lock_rwsem(sem,
                      {true, static_cast<unsigned>(subclass), TASK_KILLABLE, "down_read_killable"});
}

int down_read_trylock(struct rw_semaphore* sem) {
    KLOOM_API();
    return trylock_rwsem(sem, true, "down_read_trylock");
}

void down_write_nested(struct rw_semaphore* sem, int subclass) {
    KLOOM_API();
    lock_rwsem(sem, {false, static_cast<unsigned>(subclass), TASK_UNINTERRUPTIBLE, "down_write"});
}

int down_write_killable_nested(struct rw_semaphore* sem, int subclass) {
    KLOOM_API();
    return lock_rwsem(
        sem, {false, static_cast<unsigned>(subclass), TASK_KILLABLE, "down_write_killable"});
}

int down_write_trylock(struct rw_semaphore* sem) {
    KLOOM_API();
    return trylock_rwsem(sem, false, "down_write_trylock");
}

void up_read(struct rw_semaphore* sem) {
    KLOOM_API();
    release_reader(sem, 0);
}

void up_write(struct rw_semaphore* sem) {
    KLOOM_API();
    machine().step_object(OperationKind::Release, sem, 0);
    note_object(sem, sizeof *sem, "up_write");
    stop_writing(sem);
    hand_over(sem);
}

void downgrade_write(struct rw_semaphore* sem) {
    KLOOM_API();
    machine().step_object(OperationKind::Release, sem, 0);
    note_object(sem, sizeof *sem, "downgrade_write");
    stop_writing(sem);
    take(sem, true, 0);
    emit_lock_acquire(reader(sem), 0, kloom::trace::kLockTry);
    hand_over(sem);
}

// The reader is not known by name: nothing about it is told to those who watch who holds what.
void down_read_non_owner(struct rw_semaphore* sem) {
    KLOOM_API();
    lock_rwsem(sem, {true, 0, TASK_UNINTERRUPTIBLE, "down_read_non_owner"});
    LockIdentity lock = reader(sem);
    lock.flags |= kloom::trace::kLockNoOwner;
    emit_lock_release(lock, machine().current().id);
}

void up_read_non_owner(struct rw_semaphore* sem) {
    KLOOM_API();
    release_reader(sem, kloom::trace::kLockNoOwner);
}

}  // extern "C"
