// Critical sections on a CPU's copies: any C++ code, with the copies as ordinary objects.
//
//     percpu::variable<Cache> cache;
//
//     percpu::guard mine(cache);            percpu::cpu_guard here;          percpu::exclusive all;
//     mine->insert(key, value);             here[hits] += 1;                 for each cpu: all.on(cpu, hits) = 0;
//
// What a guard takes is a lock of the CPU, one for all variables, as the kernel's get_cpu() takes the CPU: while it is held, no
// other thread has a guard on that CPU's copies. The thread may be preempted and may migrate; it keeps the copies of the CPU
// on which it began. Others who want that CPU's lock meanwhile sleep in the kernel until it is released.
//
// Nesting: a thread that holds a guard gets further ones at once, for the same CPU's copies; so guards cannot deadlock with
// each other. Sleeping under a guard is allowed but keeps every thread of the CPU waiting. A guard is released by the thread
// that took it.
//
// Guards exclude guards, not operations (percpu/operations.hpp): while a thread holds one it may be elsewhere, and an add() of
// another thread on that CPU is not stopped. Change a variable under guards or by operations, not by both at once.
//
// Signal handlers: a guard in a handler that interrupts a guard of its own thread is a nested one: it excludes other threads, not
// the code that was interrupted. A handler that comes in the few instructions in which a lock has just been taken, and whose thread
// migrates at once, may wait for another CPU's lock while it holds the first; where that matters, use the try form.
//
// Fork: a child of a process with several threads finds the locks that other threads held at that moment taken for ever, as with
// any mutex.
//
// Cost: three stores and a dozen other instructions when nobody else holds the lock. Memory: 64 bytes for each CPU.
#pragma once

#include <atomic>
#include <cstdint>

#include "percpu/detail/memory.hpp"
#include "percpu/detail/sequence.hpp"
#include "percpu/pointer.hpp"

namespace percpu {
namespace detail {

// The lock of a CPU: a copy of the per-CPU variable cpu_locks.
struct alignas(64) CpuLock {
    std::uint64_t owner;   // 0: free; else the holder's thread pointer, or kRemoteOwner
    std::uint32_t depth;   // further guards of the holder; the holder's alone
    std::uint32_t waiters; // threads that sleep, or are about to
    std::uint32_t wakes;   // what they sleep on: changes with each release that saw waiters
};

extern std::atomic<Handle> cpu_locks;  // 0 until the first guard

// The lock that this thread took last. It holds that one if and only if it is the owner; nothing is written here on release,
// and on acquisition only after a migration. Read and written by its thread and that thread's signal handlers.
extern constinit thread_local CpuLock* last_lock [[gnu::tls_model("initial-exec")]];

inline std::uint64_t thread_identity() {
#if defined(__x86_64__)
    std::uint64_t pointer;
    asm("movq %%fs:0, %0" : "=r"(pointer));
    return pointer;
#elif defined(__aarch64__)
    return reinterpret_cast<std::uint64_t>(__builtin_thread_pointer());
#else
    return reinterpret_cast<std::uint64_t>(&last_lock);
#endif
}

// A lock that is held, or null; and how far from a handle the copy of its CPU is.
struct Held {
    CpuLock* lock;
    std::uintptr_t distance;
};

Held acquire_slowly();
Held try_acquire_slowly();
void wake_waiters(CpuLock& lock);

enum class Patience { kWait, kTry };

template <Patience kPatience>
[[gnu::always_inline]] inline Held acquire() {
    CpuLock* const last = last_lock;
    const std::uint64_t self = thread_identity();
    const Handle locks = cpu_locks.load(std::memory_order_acquire);  // pairs with the release in make_cpu_locks()
    if (last != nullptr && __atomic_load_n(&last->owner, __ATOMIC_RELAXED) == self) [[unlikely]] {
        ++last->depth;
        return {last, reinterpret_cast<std::uintptr_t>(last) - locks};
    }
    std::uintptr_t address;
    if (locks != 0 && sequence::acquire(locks, self, &address)) [[likely]] {
        auto* const lock = reinterpret_cast<CpuLock*>(address);
        if (lock == nullptr) __builtin_unreachable();
        if (lock != last) [[unlikely]] last_lock = lock;
        std::atomic_signal_fence(std::memory_order_acquire);  // for the compiler; the sequence does the processor's part
        return {lock, address - locks};
    }
    const Held held = kPatience == Patience::kWait ? acquire_slowly() : try_acquire_slowly();
    if (kPatience == Patience::kWait && held.lock == nullptr) __builtin_unreachable();
    return held;
}

[[gnu::always_inline]] inline void release(CpuLock* lock) {
    if (lock->depth != 0) [[unlikely]] {
        --lock->depth;
        return;
    }
    __atomic_store_n(&lock->owner, 0, __ATOMIC_RELEASE);
    // A waiter announces itself, makes this thread pass a barrier and looks at the owner again; so either it sees that the
    // lock is free, or this load sees the waiter. The compiler alone must be kept from turning the two around.
    std::atomic_signal_fence(std::memory_order_seq_cst);
    if (__atomic_load_n(&lock->waiters, __ATOMIC_RELAXED) != 0) [[unlikely]] wake_waiters(*lock);
}

template <class T>
[[gnu::always_inline]] inline T* guarded_copy(const Held& held, Handle handle) {
    std::uintptr_t copy = handle + held.distance;
    asm("" : "+r"(copy));  // in one register: an address with an index is slow to update
    return reinterpret_cast<T*>(copy);
}

int cpu_of(const Held& held);

// Releases what this thread holds, for interfaces that do not hand a guard on. Aborts when it holds nothing.
void release_held();

}  // namespace detail

struct try_to_lock_t {};
inline constexpr try_to_lock_t try_to_lock;

// Holds a CPU; gives the copies of all variables on it.
// Context: threads, where it may sleep until another thread releases; signal handlers as said above. Never fails but in the
// try form, which neither waits nor sleeps and is then empty. Aborts when there is no memory for the locks (first use).
class [[nodiscard]] cpu_guard {
  public:
    [[gnu::always_inline]] cpu_guard() : held_(detail::acquire<detail::Patience::kWait>()) {}
    [[gnu::always_inline]] explicit cpu_guard(try_to_lock_t) : held_(detail::acquire<detail::Patience::kTry>()) {}
    [[gnu::always_inline]] ~cpu_guard() {
        if (held_.lock != nullptr) detail::release(held_.lock);
    }
    cpu_guard(const cpu_guard&) = delete;
    cpu_guard& operator=(const cpu_guard&) = delete;

    explicit operator bool() const { return held_.lock != nullptr; }

    // The CPU that is held, -1 for the copies of threads without rseq. Not necessarily the one this thread is on.
    [[nodiscard]] int cpu() const { return detail::cpu_of(held_); }

    // The held CPU's copy, valid as long as the guard. Requires: not empty.
    template <class Variable>
    [[gnu::always_inline]] auto& operator[](const Variable& variable) const {
        return *detail::guarded_copy<typename Variable::element_type>(held_, variable.handle());
    }

  private:
    detail::Held held_;
};

// Holds a CPU for the sake of one variable. As cpu_guard.
template <class T>
class [[nodiscard]] guard {
  public:
    template <class Variable>
    [[gnu::always_inline]] explicit guard(const Variable& variable) : copy_(&held_[variable]) {}
    template <class Variable>
    [[gnu::always_inline]] guard(const Variable& variable, try_to_lock_t how)
        : held_(how), copy_(held_ ? &held_[variable] : nullptr) {}

    explicit operator bool() const { return copy_ != nullptr; }
    [[gnu::always_inline]] T& operator*() const { return *copy_; }
    [[gnu::always_inline]] T* operator->() const { return copy_; }

  private:
    cpu_guard held_;
    T* copy_;
};
template <class Variable>
guard(const Variable&) -> guard<typename Variable::element_type>;
template <class Variable>
guard(const Variable&, try_to_lock_t) -> guard<typename Variable::element_type>;

// Holds every CPU, or one: nobody has a guard there, so the copies may be read and written as one likes. One system call restarts
// the sequences of all CPUs, however many; then it waits for the guards that are held.
// Context: threads that hold no guard; sleeps. Aborts where the kernel cannot restart sequences (is_supported()).
class [[nodiscard]] exclusive {
  public:
    exclusive();
    explicit exclusive(int cpu);
    ~exclusive();
    exclusive(const exclusive&) = delete;
    exclusive& operator=(const exclusive&) = delete;

    // Linux 5.10 and later, unless a filter forbids membarrier.
    static bool is_supported();

    // The copy of a held CPU, -1 for that of threads without rseq.
    template <class Variable>
    auto& on(int cpu, const Variable& variable) const {
        return *variable.on(cpu);
    }

  private:
    int first_;
    int last_;
};

}  // namespace percpu
