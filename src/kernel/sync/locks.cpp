#include "kernel/sync/locks.hpp"

#include <algorithm>

#include "kernel/module_access.hpp"
#include "kernel/sched/tasks.hpp"

#include <linux/irqflags.h>
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

namespace kloom::kernel {

using trace::EventKind;
using trace::OperationKind;
using trace::PathId;

// ---- SleeperQueue
// ----------------------------------------------------------------------------------------------------

void SleeperQueue::clear() {
    sleepers_.clear();
    last_ticket_ = 0;
}

void SleeperQueue::add(Sleeper& sleeper) {
    sleeper.is_queued = true;
    if (sleeper.ticket == 0) sleeper.ticket = ++last_ticket_;
    sleepers_.insert(std::ranges::upper_bound(sleepers_, sleeper.ticket, {}, &Sleeper::ticket),
                     &sleeper);
}

void SleeperQueue::remove(Sleeper& sleeper) {
    sleeper.is_queued = false;
    std::erase(sleepers_, &sleeper);
}

Sleeper* SleeperQueue::first(const void* object) const {
    const auto found = std::ranges::find(sleepers_, object, &Sleeper::object);
    return found != sleepers_.end() ? *found : nullptr;
}

Sleeper* SleeperQueue::first_of(const void* object, bool is_reader) const {
    const auto found = std::ranges::find_if(sleepers_, [=](const Sleeper* sleeper) {
        return sleeper->object == object && sleeper->is_reader == is_reader;
    });
    return found != sleepers_.end() ? *found : nullptr;
}

void SleeperQueue::wake(Sleeper& sleeper) {
    remove(sleeper);
    kernel().tasks->wake(*sleeper.task, TASK_NORMAL);
}

void SleeperQueue::wake_all(const void* object) {
    while (Sleeper* sleeper = first(object)) wake(*sleeper);  // ends: each one leaves the queue
}

// ---- LockService
// -----------------------------------------------------------------------------------------------------

LockService::LockService(machine::Machine& machine) {
    const auto add = [&machine](const auto& object) {
        const auto begin = reinterpret_cast<uintptr_t>(&object);
        machine.memory().add_region(trace::Region::Kernel, begin, begin + sizeof object);
    };
    add(__lockdep_no_validate__);
    add(debug_locks);
    add(debug_locks_silent);
}

void LockService::begin_execution() {
    holds_.clear();
    given_away_.clear();
    debug_locks = 1;
    debug_locks_silent = 0;
    spinners_.clear();
    sleepers_.clear();
}

void LockService::note_acquired(const LockIdentity& lock) {
    holds_.push_back({lock, machine().current().id});
}

void LockService::note_released(const void* lock, PathId owner) {
    const auto found = std::find_if(holds_.rbegin(), holds_.rend(), [&](const Hold& hold) {
        return hold.lock.address == lock && hold.path == owner;
    });
    if (found != holds_.rend()) holds_.erase(std::next(found).base());
}

bool LockService::is_held_by(const void* lock, PathId path) const {
    return std::ranges::any_of(
        holds_, [&](const Hold& hold) { return hold.lock.address == lock && hold.path == path; });
}

LockIdentity LockService::held_with_map(const lockdep_map* map) const {
    const auto found = std::ranges::find_if(holds_, [&](const Hold& hold) {
        return hold.lock.map == map && hold.path == machine().current().id;
    });
    return found != holds_.end() ? found->lock : LockIdentity();
}

bool LockService::holds_class(const lock_class_key* key) const {
    return std::ranges::any_of(holds_, [&](const Hold& hold) {
        return hold.path == machine().current().id && hold.lock.map != nullptr &&
               hold.lock.map->key == key;
    });
}

LockIdentity LockService::take_over(const lockdep_map* map) {
    const auto found = std::ranges::find(given_away_, map, &LockIdentity::map);
    if (found == given_away_.end()) return {};
    const LockIdentity lock = *found;
    given_away_.erase(found);
    return lock;
}

bool LockService::is_held_here(const void* lock, bool shared_counts, bool exclusive_counts) const {
    for (const machine::Path* path = &machine().current(); path != nullptr; path = path->below) {
        const bool is_held = std::ranges::any_of(holds_, [&](const Hold& hold) {
            return hold.path == path->id && (lock == nullptr || hold.lock.address == lock) &&
                   (hold.is_shared() ? shared_counts : exclusive_counts);
        });
        if (is_held) return true;
    }
    return false;
}

// ---- spinning
// --------------------------------------------------------------------------------------------------------

bool is_gone(const void* object) {
    return !machine().memory().is_accessible(reinterpret_cast<uintptr_t>(object), 1);
}

// Whether it is another waiter's turn. Only waiters that are on their CPU count: who was
// interrupted or preempted holds nobody up. Readers in interrupts get in whenever no writer holds
// the lock, as in Linux, since they may have interrupted a reader.
bool LockService::is_passed_over(const SpinWait& wait) const {
    if (wait.is_shared && !wait.path->in_task()) return false;
    return std::ranges::any_of(spinners_, [&](const SpinWait* other) {
        return other->lock == wait.lock && other->passes >= kPassesMax &&
               other->passes > wait.passes && !(other->is_shared && wait.is_shared) &&
               machine().top(other->path->cpu) == other->path;
    });
}

bool LockService::may_take(const void* argument) {
    const auto& wait = *static_cast<const SpinWait*>(argument);
    if (!wait.is_free(wait.lock)) return is_gone(wait.lock);
    return !kernel().locks->is_passed_over(wait);
}

void LockService::spin(const void* lock, bool (*is_free)(const void*), bool is_shared) {
    SpinWait wait{
        .lock = lock, .is_free = is_free, .is_shared = is_shared, .path = &machine().current()};
    spinners_.push_back(&wait);
    machine().step({.kind = OperationKind::Acquire,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(lock),
                                  .size = 1,
                                  .scope = trace::Scope::Object},
                    .is_ready = &LockService::may_take,
                    .ready_argument = &wait});
    std::erase(spinners_, &wait);
    for (SpinWait* other : spinners_)
        if (other->lock == lock && !(other->is_shared && is_shared)) ++other->passes;
}

// ---- owners and events
// -----------------------------------------------------------------------------------------------

namespace {

void emit_lock(EventKind kind, const LockIdentity& lock, uint16_t flags, size_t size,
               uint64_t value) {
    machine().emit({.kind = kind,
                    .flags = flags,
                    .size = static_cast<uint32_t>(size),
                    .address = reinterpret_cast<uintptr_t>(lock.address),
                    .value = value,
                    .text = lock.map != nullptr ? lock.map->name : nullptr});
}

uint64_t class_key(const LockIdentity& lock) {
    return lock.map != nullptr ? reinterpret_cast<uintptr_t>(lock.map->key) : 0;
}

// A class that was told to take part in no rule.
uint16_t flags_of(const LockIdentity& lock) {
    const bool is_exempt = lock.map != nullptr && lock.map->key == &__lockdep_no_validate__;
    return static_cast<uint16_t>(lock.flags | (is_exempt ? trace::kLockNoOrder : 0));
}

}  // namespace

unsigned current_owner() {
    return machine().current().id.value + 1u;
}

PathId path_of_owner(unsigned owner) {
    return owner == 0 ? trace::kNoPath : PathId(static_cast<uint16_t>(owner - 1));
}

void require_memory(const void* object, size_t size, const char* function) {
    if (!machine().memory().is_accessible(reinterpret_cast<uintptr_t>(object), size))
        note_object(object, size, function);
}

void emit_lock_init(const LockIdentity& lock, size_t size) {
    emit_lock(EventKind::LockInit, lock, flags_of(lock), size, class_key(lock));
}

void emit_lock_destroy(const LockIdentity& lock) {
    emit_lock(EventKind::LockDestroy, lock, flags_of(lock), 0, class_key(lock));
}

void emit_lock_request(const LockIdentity& lock, unsigned subclass) {
    emit_lock(EventKind::LockRequest, lock, flags_of(lock), subclass, class_key(lock));
}

void emit_lock_acquire(const LockIdentity& lock, unsigned subclass, uint16_t extra_flags) {
    kernel().locks->note_acquired(lock);
    emit_lock(EventKind::LockAcquire, lock, static_cast<uint16_t>(flags_of(lock) | extra_flags),
              subclass, class_key(lock));
}

void emit_lock_release(const LockIdentity& lock, PathId owner) {
    kernel().locks->note_released(lock.address, owner);
    emit_lock(EventKind::LockRelease, lock, flags_of(lock), 0, owner.value);
}

// ---- steps
// -----------------------------------------------------------------------------------------------------------

void step_read(const void* object) {
    machine().step({.kind = OperationKind::Sync,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(object),
                                  .size = 1,
                                  .scope = trace::Scope::Object,
                                  .is_write = false}});
}

void begin_sleeping_function(const char* function) {
    emit_might_sleep(function, false);
    machine().reschedule_point(false);
}

// ---- contexts of spinning locks
// --------------------------------------------------------------------------------------

namespace {

constexpr uint32_t kBhLockOffset = trace::kSoftirqDisableOffset + trace::kPreemptOffset;

// Softirqs that came meanwhile run with preemption still off, so that the task does not lose its
// CPU in between.
void enable_bottom_halves() {
    const machine::Path& path = machine().current();
    const uint32_t count_after = path.preempt_count - kBhLockOffset;
    const bool is_outermost = (count_after & (trace::kSoftirqMask | trace::kHardirqMask)) == 0;
    if (!is_outermost || path.irqs_disabled || machine().pending_softirqs(path.cpu) == 0) {
        machine().sub_preempt_count(kBhLockOffset);
        return;
    }
    machine().sub_preempt_count(trace::kSoftirqDisableOffset);
    machine().run_pending_softirqs();
    machine().sub_preempt_count(trace::kPreemptOffset);
}

}  // namespace

void enter_lock_context(int context) {
    if (context == KLOOM_LOCK_IRQ) machine().set_irqs_disabled(true);
    machine().add_preempt_count(context == KLOOM_LOCK_BH ? kBhLockOffset : trace::kPreemptOffset);
}

void leave_lock_context(int context) {
    if (context == KLOOM_LOCK_BH) {
        enable_bottom_halves();
        return;
    }
    leave_lock_context_restoring_irqs(context == KLOOM_LOCK_IRQ ? X86_EFLAGS_IF : 0);
}

unsigned long enter_lock_context_saving_irqs() {
    const unsigned long flags = machine().current().irqs_disabled ? 0 : X86_EFLAGS_IF;
    enter_lock_context(KLOOM_LOCK_IRQ);
    return flags;
}

void leave_lock_context_restoring_irqs(unsigned long flags) {
    if (!irqs_disabled_flags(flags)) {
        machine().set_irqs_disabled(false);
        machine().accept_interrupts();
    }
    machine().sub_preempt_count(trace::kPreemptOffset);
}

}  // namespace kloom::kernel

// ---- lockdep
// ---------------------------------------------------------------------------------------------------------

using namespace kloom::kernel;

namespace {

uint16_t annotation_flags(int read) {
    if (read == 0) return kloom::trace::kLockExclusive;
    return kloom::trace::kLockShared | (read == 2 ? kloom::trace::kLockRecursiveRead : 0);
}

}  // namespace

extern "C" {

struct lock_class_key __lockdep_no_validate__;
int debug_locks = 1;
int debug_locks_silent = 0;

int kloom_lock_is_held(const void* lock, int read) {
    return kernel().locks->is_held_here(lock, read != 0, read != 1);
}

void lockdep_init_map(struct lockdep_map* map, const char* name, struct lock_class_key* key, int) {
    KLOOM_API();
    note_object(map, sizeof *map, "lockdep_init_map");
    map->name = name;
    map->key = key;
}

void lock_acquire(struct lockdep_map* map, unsigned int subclass, int trylock, int read, int,
                  struct lockdep_map* nest_lock, unsigned long) {
    KLOOM_API();
    note_object(map, sizeof *map, "lock_acquire");
    if (nest_lock != nullptr) kloom_require_nest_lock(nest_lock);
    LockIdentity lock = kernel().locks->take_over(map);
    if (lock.address == nullptr) lock = {map, map, annotation_flags(read)};
    if (trylock == 0) emit_lock_request(lock, subclass);
    emit_lock_acquire(lock, subclass, trylock != 0 ? kloom::trace::kLockTry : 0);
}

void lock_release(struct lockdep_map* map, unsigned long) {
    KLOOM_API();
    note_object(map, sizeof *map, "lock_release");
    const LockIdentity held = kernel().locks->held_with_map(map);
    if (held.address != nullptr && held.address != map) kernel().locks->give_away(held);
    const LockIdentity annotation = {map, map, kloom::trace::kLockExclusive};
    emit_lock_release(held.address != nullptr ? held : annotation, machine().current().id);
}

void kloom_require_nest_lock(const struct lockdep_map* nest_lock) {
    KLOOM_API();
    if (kernel().locks->held_with_map(nest_lock).address == nullptr)
        emit_misuse("lock-misuse", kloom::trace::Severity::Error,
                    "the lock under which others are to nest is not held", nest_lock);
}

int debug_locks_off() {
    KLOOM_API();
    const int were_on = debug_locks;
    debug_locks = 0;
    return were_on != 0 && debug_locks_silent == 0;
}

int kloom_irqs_are_off() {
    return machine().current().irqs_disabled;
}
int kloom_is_preemptible() {
    return machine().current().is_preemptible();
}
int kloom_in_hardirq() {
    return machine().current().in_hardirq();
}
int kloom_bh_is_off() {
    return machine().current().bh_disabled();
}

}  // extern "C"
