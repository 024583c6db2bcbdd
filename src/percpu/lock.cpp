// The slow ways of the CPUs' locks: threads without rseq, waiting, waking, and taking other CPUs' locks.
//
// A lock word changes from 0 by a sequence of its CPU, a compare and a store that the kernel keeps together, and to 0 by its
// holder's store. Somebody on another CPU takes it like this:
//
//     1. compare-exchange the owner from 0 to kRemoteOwner, locked
//     2. restart all sequences: one that had seen 0 before has by now either stored its owner over ours or not stored at all
//     3. the owner is still ours: from now on every sequence sees it, the lock is ours. Else somebody was faster: wait, again.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>

#include "percpu/detail/fence.hpp"
#include "percpu/fatal.hpp"
#include "percpu/guard.hpp"
#include "percpu/runtime.hpp"

namespace percpu::detail {

std::atomic<Handle> cpu_locks{0};
constinit thread_local CpuLock* last_lock [[gnu::tls_model("initial-exec")]] = nullptr;

namespace {

constexpr std::uint64_t kRemoteOwner = 1;  // no thread pointer

Handle make_cpu_locks() {
    Handle locks = cpu_locks.load(std::memory_order_acquire);
    if (locks != 0) return locks;
    const Handle made = allocate_block(sizeof(CpuLock), alignof(CpuLock), Content::kZero);
    if (made == 0) fatal("no memory for the locks of the CPUs");
    if (cpu_locks.compare_exchange_strong(locks, made, std::memory_order_acq_rel)) return made;
    free_block(made);
    return locks;
}

CpuLock& lock_of(Handle locks, int cpu) { return *reinterpret_cast<CpuLock*>(copy_address(locks, cpu)); }

std::uint64_t owner_of(const CpuLock& lock) { return __atomic_load_n(&lock.owner, __ATOMIC_ACQUIRE); }

bool change_owner(CpuLock& lock, std::uint64_t expected, std::uint64_t desired) {
    return __atomic_compare_exchange_n(&lock.owner, &expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

// One attempt at the lock of this thread's CPU. `lock` tells which one it was.
bool attempt(Handle locks, std::uint64_t self, CpuLock*& lock) {
    std::uintptr_t address;
    if (sequence::acquire(locks, self, &address)) {
        lock = reinterpret_cast<CpuLock*>(address);
        return true;
    }
    if (address != 0) {
        lock = reinterpret_cast<CpuLock*>(address);
        return false;
    }
    lock = &lock_of(locks, kNoCpu);  // of threads without rseq, which can be on several CPUs at once
    return change_owner(*lock, 0, self);
}

// Sleeps until the lock may be free. It may return early.
void wait_for(CpuLock& lock) {
    __atomic_fetch_add(&lock.waiters, 1, __ATOMIC_SEQ_CST);
    const bool is_fenced = fence_all_threads();  // pairs with the end of release()
    const std::uint32_t wakes = __atomic_load_n(&lock.wakes, __ATOMIC_ACQUIRE);
    if (owner_of(lock) != 0) {
        // Without the fence a wake-up can be missed: look again soon.
        const timespec soon = {0, 1000000};
        syscall(SYS_futex, &lock.wakes, FUTEX_WAIT_PRIVATE, wakes, is_fenced ? nullptr : &soon, nullptr, 0);
    }
    __atomic_fetch_sub(&lock.waiters, 1, __ATOMIC_SEQ_CST);
}

bool holds_last_lock() { return last_lock != nullptr && owner_of(*last_lock) == thread_identity(); }

Held as_held(CpuLock* lock) {
    return {lock, reinterpret_cast<std::uintptr_t>(lock) - cpu_locks.load(std::memory_order_relaxed)};
}

Held hold(CpuLock* lock) {
    last_lock = lock;
    return as_held(lock);
}

// A handler that interrupted its own thread between the lock word and last_lock: nested, but known by the owner only.
Held nest(CpuLock* lock) {
    ++lock->depth;
    return as_held(lock);
}

}  // namespace

Held acquire_slowly() {
    const Handle locks = make_cpu_locks();
    const std::uint64_t self = thread_identity();
    for (CpuLock* lock;; wait_for(*lock)) {  // as long as others hold the lock of whichever CPU this is
        if (attempt(locks, self, lock)) return hold(lock);
        if (owner_of(*lock) == self) return nest(lock);
    }
}

Held try_acquire_slowly() {
    const std::uint64_t self = thread_identity();
    CpuLock* lock;
    if (attempt(make_cpu_locks(), self, lock)) return hold(lock);
    return owner_of(*lock) == self ? nest(lock) : Held{nullptr, 0};
}

// All of them: one that moved to another CPU meanwhile will not come back for this lock.
void wake_waiters(CpuLock& lock) {
    __atomic_fetch_add(&lock.wakes, 1, __ATOMIC_RELEASE);
    syscall(SYS_futex, &lock.wakes, FUTEX_WAKE_PRIVATE, INT_MAX, nullptr, nullptr, 0);
}

int cpu_of(const Held& held) {
    return static_cast<int>(held.distance >> kUnitShift) - static_cast<int>(kFirstCpuOffset >> kUnitShift);
}

void release_held() {
    if (holds_last_lock()) return release(last_lock);
    const Handle locks = cpu_locks.load(std::memory_order_acquire);
    for (int cpu = kNoCpu; locks != 0 && cpu < possible_cpus(); ++cpu) {  // see nest()
        CpuLock& lock = lock_of(locks, cpu);
        if (owner_of(lock) != thread_identity()) continue;
        --lock.depth;
        return;
    }
    fatal("put_cpu_var: this thread holds no CPU");
}

}  // namespace percpu::detail

namespace percpu {
namespace {

// One at a time, so that two who want all CPUs do not wait for each other.
pthread_mutex_t exclusive_mutex = PTHREAD_MUTEX_INITIALIZER;

void take(int first, int last) {
    using namespace detail;
    if (holds_last_lock()) fatal("exclusive access asked for under a guard: it would wait for itself");
    if (!exclusive::is_supported()) fatal("exclusive access needs membarrier with rseq: Linux 5.10");
    pthread_mutex_lock(&exclusive_mutex);
    const Handle locks = make_cpu_locks();
    for (;;) {  // as long as guards are held, or are taken faster
        CpuLock* missing = nullptr;
        for (int cpu = first; cpu <= last; ++cpu) {
            CpuLock& lock = lock_of(locks, cpu);
            if (owner_of(lock) != kRemoteOwner) change_owner(lock, 0, kRemoteOwner);
        }
        restart_all_sequences();
        for (int cpu = first; cpu <= last; ++cpu)
            if (CpuLock& lock = lock_of(locks, cpu); owner_of(lock) != kRemoteOwner) missing = &lock;
        if (missing == nullptr) return;
        wait_for(*missing);
    }
}

}  // namespace

bool exclusive::is_supported() { return detail::can_restart_sequences(); }

exclusive::exclusive() : first_(detail::kNoCpu), last_(possible_cpus() - 1) { take(first_, last_); }
exclusive::exclusive(int cpu) : first_(cpu), last_(cpu) { take(first_, last_); }

exclusive::~exclusive() {
    const detail::Handle locks = detail::cpu_locks.load(std::memory_order_relaxed);
    for (int cpu = first_; cpu <= last_; ++cpu) {
        detail::CpuLock& lock = detail::lock_of(locks, cpu);
        __atomic_store_n(&lock.owner, 0, __ATOMIC_SEQ_CST);
        if (__atomic_load_n(&lock.waiters, __ATOMIC_SEQ_CST) != 0) detail::wake_waiters(lock);
    }
    pthread_mutex_unlock(&exclusive_mutex);
}

}  // namespace percpu
