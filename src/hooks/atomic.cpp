// Hooks that replace the __atomic and __sync builtins of instrumented code: each does the operation itself.
//
// All paths run on one host thread, so after the machine's step the operation needs no host atomics. A load or a store is
// a marked access with the order that it asks for; a read-modify-write is an atomic operation of the whole machine. A
// compare-and-swap may write, and steps as one; whether it did is known only then, so its event follows the step.
//
// Fences order nothing beyond what the sequentially consistent machine orders anyway.

#include "hooks/note.hpp"

namespace kloom::hooks {
namespace {

using trace::kAcquireOrder;
using trace::kAtomic;
using trace::kFailedCompare;
using trace::kMarked;
using trace::kRead;
using trace::kReleaseOrder;
using trace::kWrite;

__extension__ typedef unsigned __int128 Word128;

uint16_t order_flags(int order) {
    switch (order) {
        case __ATOMIC_RELAXED: return 0;
        case __ATOMIC_CONSUME:
        case __ATOMIC_ACQUIRE: return kAcquireOrder;
        case __ATOMIC_RELEASE: return kReleaseOrder;
        default: return kAcquireOrder | kReleaseOrder;
    }
}

template <class T>
T load(const volatile T* address, int order, uintptr_t pc) {
    note(address_of(address), sizeof(T), kRead | kMarked | (order_flags(order) & kAcquireOrder), pc);
    return *address;
}

template <class T>
void store(volatile T* address, T value, int order, uintptr_t pc) {
    note(address_of(address), sizeof(T), kWrite | kMarked | (order_flags(order) & kReleaseOrder), pc);
    *address = value;
}

// Replaces the value by what `update` makes of it; returns the old one.
template <class T, class Update>
T modify(volatile T* address, int order, uintptr_t pc, Update update) {
    note(address_of(address), sizeof(T), kRead | kWrite | kAtomic | order_flags(order), pc);
    const T old = *address;
    *address = update(old);
    return old;
}

struct CompareOrders {
    int success;
    int failure;
};

template <class T>
void note_compare(volatile T* address, T expected, CompareOrders orders, uintptr_t pc) {
    machine::Machine* machine = running_machine();
    if (machine == nullptr) return;
    const uintptr_t at = address_of(address);
    machine->step_access(at, sizeof(T), kRead | kWrite | kAtomic, pc);
    // Memory that must not be touched is reported as the write that the code meant.
    const bool stores = !machine->memory().is_accessible(at, sizeof(T)) || *address == expected;
    const uint16_t flags = stores ? kRead | kWrite | kAtomic | order_flags(orders.success)
                                  : kRead | kAtomic | kFailedCompare | (order_flags(orders.failure) & kAcquireOrder);
    machine->emit_access(at, sizeof(T), flags, pc);
}

// Stores `desired` if the value is `expected`; returns the value that it found.
template <class T>
T compare_exchange(volatile T* address, T expected, T desired, CompareOrders orders, uintptr_t pc) {
    note_compare(address, expected, orders, pc);
    const T found = *address;
    if (found == expected) *address = desired;
    return found;
}

// The builtins' form: false and the value found in `expected` when they differ.
template <class T>
int try_compare_exchange(volatile T* address, T* expected, T desired, CompareOrders orders, uintptr_t pc) {
    const T wanted = *expected;
    const T found = compare_exchange(address, wanted, desired, orders, pc);
    if (found == wanted) return 1;
    *expected = found;
    return 0;
}

}  // namespace
}  // namespace kloom::hooks

using kloom::hooks::CompareOrders;

#define DEFINE_MODIFY(bits, type, name, expression)                                                   \
    type __tsan_atomic##bits##_##name(volatile type* address, type operand, int order) {              \
        return kloom::hooks::modify(address, order, KLOOM_CALLER_PC,                                  \
                                    [operand]([[maybe_unused]] type old) { return static_cast<type>(expression); }); \
    }

#define DEFINE_COMPARE(bits, type, name)                                                              \
    int __tsan_atomic##bits##_##name(volatile type* address, type* expected, type desired, int success, int failure) { \
        return kloom::hooks::try_compare_exchange(address, expected, desired, CompareOrders{success, failure}, \
                                                  KLOOM_CALLER_PC);                                   \
    }

#define DEFINE_ATOMICS(bits, type)                                                                    \
    type __tsan_atomic##bits##_load(const volatile type* address, int order) {                        \
        return kloom::hooks::load(address, order, KLOOM_CALLER_PC);                                   \
    }                                                                                                 \
    void __tsan_atomic##bits##_store(volatile type* address, type value, int order) {                 \
        kloom::hooks::store(address, value, order, KLOOM_CALLER_PC);                                  \
    }                                                                                                 \
    DEFINE_MODIFY(bits, type, exchange, operand)                                                      \
    DEFINE_MODIFY(bits, type, fetch_add, old + operand)                                               \
    DEFINE_MODIFY(bits, type, fetch_sub, old - operand)                                               \
    DEFINE_MODIFY(bits, type, fetch_and, old & operand)                                               \
    DEFINE_MODIFY(bits, type, fetch_or, old | operand)                                                \
    DEFINE_MODIFY(bits, type, fetch_xor, old ^ operand)                                               \
    DEFINE_MODIFY(bits, type, fetch_nand, ~(old & operand))                                           \
    DEFINE_COMPARE(bits, type, compare_exchange_strong)                                               \
    DEFINE_COMPARE(bits, type, compare_exchange_weak)                                                 \
    type __tsan_atomic##bits##_compare_exchange_val(volatile type* address, type expected, type desired, int success, \
                                                    int failure) {                                    \
        return kloom::hooks::compare_exchange(address, expected, desired, CompareOrders{success, failure}, \
                                              KLOOM_CALLER_PC);                                       \
    }

extern "C" {

DEFINE_ATOMICS(8, uint8_t)
DEFINE_ATOMICS(16, uint16_t)
DEFINE_ATOMICS(32, uint32_t)
DEFINE_ATOMICS(64, uint64_t)
DEFINE_ATOMICS(128, kloom::hooks::Word128)

void __tsan_atomic_thread_fence(int) {}
void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
