// Calls from the kernel into the module, and waiting for them to end.
//
// A timer, handler, tasklet or work function is a callback. While one runs it occupies a CallbackSlot; del_timer_sync(),
// free_irq() and their like wait for the slot. Detectors see the slot as a lock without an order: the callback holds it, the
// waiter takes it for a moment. So the happens-before edge from the end of a callback to the return of the waiter, and a deadlock
// between the two (a callback that deletes its own timer, a waiter that holds a lock the callback wants), need no rule of their
// own. The slot belongs to the kernel, not to the object, because a callback may free its object.
#pragma once

#include <cstdint>
#include <type_traits>

#include "kernel/kernel.hpp"

namespace kloom::kernel {

// The context that a callback must leave as it found it, and the place in the module that the path acts for.
struct ContextMark {
    uint32_t preempt_count = 0;
    bool irqs_disabled = false;
    uintptr_t call_pc = 0;
};

ContextMark mark_context();
// Repairs what a callback left behind, after detectors have seen it, as Linux does.
void restore_context(const ContextMark& mark);

// Calls `function`, telling the observers. `kind` is a literal ("timer", "irq").
template <class Result, class... Parameters, class... Arguments>
Result call_module(const char* kind, Result (*function)(Parameters...), Arguments... arguments) {
    const ContextMark mark = mark_context();
    const void* address = reinterpret_cast<const void*>(function);
    emit_callback_enter(address, kind);
    if constexpr (std::is_void_v<Result>) {
        function(static_cast<Parameters>(arguments)...);
        emit_callback_return(address, kind);
        restore_context(mark);
    } else {
        const Result result = function(static_cast<Parameters>(arguments)...);
        emit_callback_return(address, kind);
        restore_context(mark);
        return result;
    }
}

class CallbackSlot {
  public:
    // `what` names the callback in reports: "timer callback". `may_sleep`: it runs in task context.
    CallbackSlot(const char* what, bool may_sleep) : what_(what), may_sleep_(may_sleep) {}

    void reset() {
        object_ = nullptr;
        calls_ = 0;
    }
    void begin(const void* object);
    // The caller has stepped; waiters that spin can go on from the next step.
    void end();
    bool is_running(const void* object) const { return object_ != nullptr && object_ == object; }
    bool is_free() const { return object_ == nullptr; }

    // Detectors hear that the current path waits for the present callback and, later, that it has waited. The first returns
    // what the second needs.
    const void* announce_wait() const;
    void conclude_wait(const void* callback) const;
    // Spins until the slot no longer runs `object`.
    void wait_spinning(const void* object) const;

  private:
    // Callbacks of a slot follow each other as different locks, since a waiter may be late to hear that one has ended.
    static constexpr size_t kIdentities = 16;

    const void* identity() const { return &identities_[calls_ % kIdentities]; }
    uint16_t lock_flags() const;

    const char* what_;
    bool may_sleep_;
    const void* object_ = nullptr;  // whose callback runs; null: none
    uint32_t calls_ = 0;
    char identities_[kIdentities] = {};  // only their addresses count
};

}  // namespace kloom::kernel
