#include "kernel/irq/callback.hpp"

namespace kloom::kernel {

using trace::EventKind;

namespace {

// What a spinning waiter waits for; lives on its stack while it is parked.
struct Wait {
    const CallbackSlot* slot;
    const void* object;
};

bool has_ended(const void* argument) {
    const Wait& wait = *static_cast<const Wait*>(argument);
    return !wait.slot->is_running(wait.object);
}

void emit_lock_event(EventKind kind, const void* lock, uint16_t flags, const char* name) {
    machine().emit({.kind = kind,
                    .flags = flags,
                    .address = reinterpret_cast<uintptr_t>(lock),
                    .value = kind == EventKind::LockRelease ? machine().current().id.value : uint64_t{0},
                    .text = name});
}

}  // namespace

ContextMark mark_context() {
    const machine::Path& path = machine().current();
    return {path.preempt_count, path.irqs_disabled, path.call_pc};
}

void restore_context(const ContextMark& mark) {
    machine::Path& path = machine().current();
    if (path.preempt_count != mark.preempt_count) machine().add_preempt_count(mark.preempt_count - path.preempt_count);
    machine().set_irqs_disabled(mark.irqs_disabled);
    path.call_pc = mark.call_pc;
}

uint16_t CallbackSlot::lock_flags() const {
    return static_cast<uint16_t>(trace::kLockExclusive | trace::kLockNoOrder | (may_sleep_ ? trace::kLockSleeps : 0));
}

void CallbackSlot::begin(const void* object) {
    object_ = object;
    ++calls_;
    emit_lock_event(EventKind::LockRequest, identity(), lock_flags(), what_);
    emit_lock_event(EventKind::LockAcquire, identity(), lock_flags(), what_);
}

void CallbackSlot::end() {
    emit_lock_event(EventKind::LockRelease, identity(), lock_flags(), what_);
    object_ = nullptr;
}

const void* CallbackSlot::announce_wait() const {
    emit_lock_event(EventKind::LockRequest, identity(), lock_flags(), what_);
    return identity();
}

void CallbackSlot::conclude_wait(const void* callback) const {
    emit_lock_event(EventKind::LockAcquire, callback, lock_flags(), what_);
    emit_lock_event(EventKind::LockRelease, callback, lock_flags(), what_);
}

void CallbackSlot::wait_spinning(const void* object) const {
    const void* callback = announce_wait();
    const Wait wait{this, object};
    machine().step({.kind = trace::OperationKind::Acquire,
                    .footprint = {.address = reinterpret_cast<uintptr_t>(object), .size = 1, .scope = trace::Scope::Object},
                    .is_ready = has_ended,
                    .ready_argument = &wait});
    conclude_wait(callback);
}

}  // namespace kloom::kernel
