// Spinning locks and spinning reader-writer locks.

#include "kernel/module_access.hpp"
#include "kernel/sync/locks.hpp"

#include <linux/spinlock.h>

using namespace kloom::kernel;
using kloom::trace::kNoPath;
using kloom::trace::OperationKind;
using kloom::trace::PathId;

namespace {

// ---- spinlocks
// ---------------------------------------------------------------------------------------------------------

LockIdentity identity(const raw_spinlock_t* lock) {
    return {lock, &lock->dep_map, kloom::trace::kLockExclusive};
}

bool is_free(const void* lock) {
    return static_cast<const raw_spinlock_t*>(lock)->owner == 0;
}

// Up to the moment when the lock can be taken.
void wait_for_spinlock(raw_spinlock_t* lock, unsigned subclass) {
    require_memory(lock, sizeof *lock, "spin_lock");
    emit_lock_request(identity(lock), subclass);
    kernel().locks->spin(lock, is_free, false);
    note_object(lock, sizeof *lock, "spin_lock");
}

void take_spinlock(raw_spinlock_t* lock, unsigned subclass, uint16_t flags = 0) {
    lock->owner = current_owner();
    emit_lock_acquire(identity(lock), subclass, flags);
}

bool is_free_now(raw_spinlock_t* lock) {
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "spin_trylock");
    return is_free(lock);
}

void release_spinlock(raw_spinlock_t* lock) {
    machine().step_object(OperationKind::Release, lock, 0);
    note_object(lock, sizeof *lock, "spin_unlock");
    emit_lock_release(identity(lock), path_of_owner(lock->owner));
    lock->owner = 0;
}

// ---- reader-writer locks
// -----------------------------------------------------------------------------------------------

LockIdentity writer(const rwlock_t* lock) {
    return {lock, &lock->dep_map, kloom::trace::kLockExclusive};
}

LockIdentity reader(const rwlock_t* lock) {
    return {lock, &lock->dep_map, kloom::trace::kLockShared};
}

// As Linux's queued locks have it, whoever may have interrupted a reader does not queue.
LockIdentity reader(const rwlock_t* lock, int context, bool may_nest) {
    const kloom::machine::Path& path = machine().current();
    LockIdentity identity = reader(lock);
    if (may_nest || context == KLOOM_LOCK_BH || path.in_hardirq() || path.bh_disabled())
        identity.flags |= kloom::trace::kLockRecursiveRead;
    return identity;
}

bool is_free_of_writers(const void* lock) {
    return static_cast<const rwlock_t*>(lock)->owner == 0;
}

bool is_unused(const void* lock) {
    return is_free_of_writers(lock) && static_cast<const rwlock_t*>(lock)->readers == 0;
}

void wait_for_rwlock(rwlock_t* lock, const LockIdentity& identity, unsigned subclass,
                     bool (*is_ready)(const void*), const char* function) {
    require_memory(lock, sizeof *lock, function);
    emit_lock_request(identity, subclass);
    kernel().locks->spin(lock, is_ready, (identity.flags & kloom::trace::kLockShared) != 0);
    note_object(lock, sizeof *lock, function);
}

void wait_to_read(rwlock_t* lock, const LockIdentity& identity) {
    wait_for_rwlock(lock, identity, 0, is_free_of_writers, "read_lock");
}

void wait_to_write(rwlock_t* lock, unsigned subclass) {
    wait_for_rwlock(lock, writer(lock), subclass, is_unused, "write_lock");
}

void take_for_reading(rwlock_t* lock, const LockIdentity& identity, uint16_t flags = 0) {
    ++lock->readers;
    emit_lock_acquire(identity, 0, flags);
}

void take_for_writing(rwlock_t* lock, unsigned subclass, uint16_t flags = 0) {
    lock->owner = current_owner();
    emit_lock_acquire(writer(lock), subclass, flags);
}

bool can_write_now(rwlock_t* lock) {
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "write_trylock");
    return is_unused(lock);
}

void release_reader(rwlock_t* lock) {
    machine().step_object(OperationKind::Release, lock, 0);
    note_object(lock, sizeof *lock, "read_unlock");
    const PathId self = machine().current().id;
    emit_lock_release(reader(lock), kernel().locks->is_held_by(lock, self) ? self : kNoPath);
    if (lock->readers != 0) --lock->readers;
}

void release_writer(rwlock_t* lock) {
    machine().step_object(OperationKind::Release, lock, 0);
    note_object(lock, sizeof *lock, "write_unlock");
    emit_lock_release(writer(lock), path_of_owner(lock->owner));
    lock->owner = 0;
}

}  // namespace

extern "C" {

void kloom_spin_lock_init(raw_spinlock_t* lock, const char* name, struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "spin_lock_init");
    lock->dep_map = {.key = key, .name = name};
    emit_lock_init(identity(lock), sizeof *lock);
    lock->owner = 0;
}

void kloom_spin_lock(raw_spinlock_t* lock, unsigned int subclass, int context) {
    KLOOM_API();
    wait_for_spinlock(lock, subclass);
    enter_lock_context(context);
    take_spinlock(lock, subclass);
}

unsigned long kloom_spin_lock_irqsave(raw_spinlock_t* lock, unsigned int subclass) {
    KLOOM_API();
    wait_for_spinlock(lock, subclass);
    const unsigned long flags = enter_lock_context_saving_irqs();
    take_spinlock(lock, subclass);
    return flags;
}

int kloom_spin_trylock(raw_spinlock_t* lock, int context) {
    KLOOM_API();
    if (!is_free_now(lock)) return 0;
    enter_lock_context(context);
    take_spinlock(lock, 0, kloom::trace::kLockTry);
    return 1;
}

int kloom_spin_trylock_irqsave(raw_spinlock_t* lock, unsigned long* flags) {
    KLOOM_API();
    if (!is_free_now(lock)) return 0;
    *flags = enter_lock_context_saving_irqs();
    take_spinlock(lock, 0, kloom::trace::kLockTry);
    return 1;
}

void kloom_spin_unlock(raw_spinlock_t* lock, int context) {
    KLOOM_API();
    release_spinlock(lock);
    leave_lock_context(context);
}

void kloom_spin_unlock_irqrestore(raw_spinlock_t* lock, unsigned long flags) {
    KLOOM_API();
    release_spinlock(lock);
    leave_lock_context_restoring_irqs(flags);
}

int kloom_spin_is_locked(const raw_spinlock_t* lock) {
    KLOOM_API();
    step_read(lock);
    note_object(lock, sizeof *lock, "spin_is_locked");
    return !is_free(lock);
}

void kloom_rwlock_init(rwlock_t* lock, const char* name, struct lock_class_key* key) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "rwlock_init");
    lock->dep_map = {.key = key, .name = name};
    emit_lock_init(writer(lock), sizeof *lock);
    lock->owner = 0;
    lock->readers = 0;
}

void kloom_read_lock(rwlock_t* lock, int context, int may_nest) {
    KLOOM_API();
    const LockIdentity identity = reader(lock, context, may_nest != 0);
    wait_to_read(lock, identity);
    enter_lock_context(context);
    take_for_reading(lock, identity);
}

void kloom_write_lock(rwlock_t* lock, unsigned int subclass, int context) {
    KLOOM_API();
    wait_to_write(lock, subclass);
    enter_lock_context(context);
    take_for_writing(lock, subclass);
}

unsigned long kloom_read_lock_irqsave(rwlock_t* lock, int may_nest) {
    KLOOM_API();
    const LockIdentity identity = reader(lock, KLOOM_LOCK_IRQ, may_nest != 0);
    wait_to_read(lock, identity);
    const unsigned long flags = enter_lock_context_saving_irqs();
    take_for_reading(lock, identity);
    return flags;
}

unsigned long kloom_write_lock_irqsave(rwlock_t* lock) {
    KLOOM_API();
    wait_to_write(lock, 0);
    const unsigned long flags = enter_lock_context_saving_irqs();
    take_for_writing(lock, 0);
    return flags;
}

int kloom_read_trylock(rwlock_t* lock) {
    KLOOM_API();
    machine().step_object(OperationKind::Sync, lock, 0);
    note_object(lock, sizeof *lock, "read_trylock");
    if (!is_free_of_writers(lock)) return 0;
    enter_lock_context(KLOOM_LOCK_PLAIN);
    take_for_reading(lock, reader(lock), kloom::trace::kLockTry);
    return 1;
}

int kloom_write_trylock(rwlock_t* lock) {
    KLOOM_API();
    if (!can_write_now(lock)) return 0;
    enter_lock_context(KLOOM_LOCK_PLAIN);
    take_for_writing(lock, 0, kloom::trace::kLockTry);
    return 1;
}

int kloom_write_trylock_irqsave(rwlock_t* lock, unsigned long* flags) {
    KLOOM_API();
    if (!can_write_now(lock)) return 0;
    *flags = enter_lock_context_saving_irqs();
    take_for_writing(lock, 0, kloom::trace::kLockTry);
    return 1;
}

void kloom_read_unlock(rwlock_t* lock, int context) {
    KLOOM_API();
    release_reader(lock);
    leave_lock_context(context);
}

void kloom_write_unlock(rwlock_t* lock, int context) {
    KLOOM_API();
    release_writer(lock);
    leave_lock_context(context);
}

void kloom_read_unlock_irqrestore(rwlock_t* lock, unsigned long flags) {
    KLOOM_API();
    release_reader(lock);
    leave_lock_context_restoring_irqs(flags);
}

void kloom_write_unlock_irqrestore(rwlock_t* lock, unsigned long flags) {
    KLOOM_API();
    release_writer(lock);
    leave_lock_context_restoring_irqs(flags);
}

int kloom_rwlock_is_locked(const rwlock_t* lock) {
    KLOOM_API();
    step_read(lock);
    note_object(lock, sizeof *lock, "rwlock_is_locked");
    return !is_unused(lock);
}

}  // extern "C"
