// The same operations where there are no restartable sequences: another architecture, another C library, or a build with
// ThreadSanitizer, which does not see what assembly accesses.
//
// Every thread works atomically on the copy that threads without rseq share, so code that was built this way and code that
// was built with sequences can work on the same variable in one process, and no update is lost.
#pragma once

#include <cstddef>
#include <cstdint>

#include "percpu/detail/layout.hpp"
#if defined(__aarch64__)
#include "percpu/detail/no_cpu_aarch64.hpp"
#endif

namespace percpu::detail::sequence {

template <class W>
inline W* no_cpu_copy(Handle handle) {
    return reinterpret_cast<W*>(copy_address(handle, kNoCpu));
}

template <class W>
inline void add(Handle handle, W value) {
    __atomic_fetch_add(no_cpu_copy<W>(handle), value, __ATOMIC_RELAXED);
}

inline void add_release(Handle handle, std::uint64_t value) {
    __atomic_fetch_add(no_cpu_copy<std::uint64_t>(handle), value, __ATOMIC_RELEASE);
}

template <class W>
inline void bit_and(Handle handle, W value) {
    __atomic_fetch_and(no_cpu_copy<W>(handle), value, __ATOMIC_RELAXED);
}

template <class W>
inline void bit_or(Handle handle, W value) {
    __atomic_fetch_or(no_cpu_copy<W>(handle), value, __ATOMIC_RELAXED);
}

template <class W>
inline void bit_xor(Handle handle, W value) {
    __atomic_fetch_xor(no_cpu_copy<W>(handle), value, __ATOMIC_RELAXED);
}

template <class W>
inline void write(Handle handle, W value) {
    __atomic_store_n(no_cpu_copy<W>(handle), value, __ATOMIC_RELAXED);
}

template <class W>
inline W read(Handle handle) {
    return __atomic_load_n(no_cpu_copy<W>(handle), __ATOMIC_RELAXED);
}

template <class W>
inline W add_return(Handle handle, W addend) {
    return static_cast<W>(__atomic_add_fetch(no_cpu_copy<W>(handle), addend, __ATOMIC_RELAXED));
}

template <class W>
inline W exchange(Handle handle, W desired) {
    return __atomic_exchange_n(no_cpu_copy<W>(handle), desired, __ATOMIC_ACQ_REL);
}

template <class W>
inline W compare_exchange(Handle handle, W expected, W desired) {
    __atomic_compare_exchange_n(no_cpu_copy<W>(handle), &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
    return expected;
}

using detail::Pair;

#if defined(__x86_64__)
#define PERCPU_HAS_COMPARE_EXCHANGE_16 1
inline Pair compare_exchange_16(Handle handle, Pair expected, Pair desired) {
    asm volatile("lock cmpxchg16b 65536(%[handle])"
                 : "+a"(expected.low), "+d"(expected.high)
                 : [handle] "r"(handle), "b"(desired.low), "c"(desired.high)
                 : "memory", "cc");
    return expected;
}
#elif defined(__aarch64__)
#define PERCPU_HAS_COMPARE_EXCHANGE_16 1
inline Pair compare_exchange_16(Handle handle, Pair expected, Pair desired) {
    return no_cpu::compare_exchange_16(handle, expected, desired);
}
#endif

// What needs a sequence says that it did nothing; the callers have another way for threads without rseq.
inline bool add_unless(Handle, std::uint64_t, const std::uint32_t*) { return false; }
inline bool acquire(Handle, std::uint64_t, std::uintptr_t* address) {
    *address = 0;
    return false;
}
inline bool stack_push(Handle, std::uint64_t, std::uint64_t) { return false; }
inline bool stack_pop(Handle, std::uint64_t*) { return false; }
inline bool list_push(Handle, void*) { return false; }
inline bool list_pop(Handle, void**) { return false; }

// This thread's CPU as far as per-CPU data are concerned.
inline int current_cpu() { return kNoCpu; }

}  // namespace percpu::detail::sequence
