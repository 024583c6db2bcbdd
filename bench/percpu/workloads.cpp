// The loops. KLOOM_WORKLOADS names the function that lists them.
#include "percpu/workloads.hpp"

#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cstdlib>
#include <shared_mutex>

#include "percpu/allocate.hpp"
#include "percpu/cache.hpp"
#include "percpu/counter.hpp"
#include "percpu/freelist.hpp"
#include "percpu/guard.hpp"
#include "percpu/refcount.hpp"
#include "percpu/rwlock.hpp"
#include "percpu/variable.hpp"

namespace kloom::bench {
namespace KLOOM_WORKLOADS {

struct alignas(64) PaddedAtomic {
    std::atomic<std::uint64_t> value;
};
struct Node {
    Node* next;
};

thread_local std::uint64_t thread_local_counters[4 * 13];  // one for each clone, not at the same place in a page or line
std::uint64_t plain_counter;
std::atomic<std::uint64_t> atomic_counter;
PaddedAtomic padded_counters[1024];
pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
std::uint64_t mutex_counter;
constinit percpu::variable<std::uint64_t> percpu_counter;
constinit percpu::variable<std::uint64_t> guarded_counter;
constinit percpu::counter batched_counter;
std::atomic<std::uint64_t> atomic_references{1};
Node* mutex_list;

percpu::refcount& references() {
    static percpu::refcount one;
    return one;
}
std::shared_mutex& shared_mutex() {
    static std::shared_mutex one;
    return one;
}
percpu::rwlock& rwlock() {
    static percpu::rwlock one;
    return one;
}
percpu::freelist<Node>& freelist() {
    static percpu::freelist<Node> one;
    return one;
}
percpu::cache<Node[8]>& cache() {
    static percpu::cache<Node[8]> one;
    return one;
}

// Runs `operation` so often that a compiler must do it each time. Different code for each kClone, see Workload.
template <int kClone, class Operation>
void repeat(std::uint64_t operations, Operation operation) {
    for (std::uint64_t i = 0; i < operations; ++i) {
        operation();
        asm volatile("" ::"i"(kClone) : "memory");
    }
}

template <int kClone>
void run_thread_local(std::uint64_t n) { repeat<kClone>(n, []() __attribute__((always_inline)) { thread_local_counters[13 * kClone] = thread_local_counters[13 * kClone] + 1; }); }
template <int kClone>
void run_plain(std::uint64_t n) { repeat<kClone>(n, []() __attribute__((always_inline)) { plain_counter = plain_counter + 1; }); }
template <int kClone>
void run_add(std::uint64_t n) { repeat<kClone>(n, []() __attribute__((always_inline)) { percpu_counter.inc(); }); }
template <int kClone>
void run_add_by_pointer(std::uint64_t n) {
    const percpu::pointer<std::uint64_t> pointer = percpu_counter.get();
    repeat<kClone>(n, [pointer]() __attribute__((always_inline)) { pointer.inc(); });
}
template <int kClone>
void run_guard(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) {
        const percpu::guard mine(guarded_counter);
        ++*mine;
    });
}
template <int kClone>
void run_counter(std::uint64_t n) { repeat<kClone>(n, []() __attribute__((always_inline)) { batched_counter.inc(); }); }
template <int kClone>
void run_atomic(std::uint64_t n) { repeat<kClone>(n, []() __attribute__((always_inline)) { atomic_counter.fetch_add(1, std::memory_order_relaxed); }); }
template <int kClone>
void run_getcpu_atomic(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) { padded_counters[sched_getcpu() & 1023].value.fetch_add(1, std::memory_order_relaxed); });
}
template <int kClone>
void run_mutex(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) {
        pthread_mutex_lock(&mutex);
        mutex_counter = mutex_counter + 1;
        pthread_mutex_unlock(&mutex);
    });
}
template <int kClone>
void run_refcount(std::uint64_t n) {
    percpu::refcount& one = references();
    repeat<kClone>(n, [&]() __attribute__((always_inline)) {
        one.get();
        if (one.put()) std::abort();
    });
}
template <int kClone>
void run_atomic_refcount(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) {
        atomic_references.fetch_add(1, std::memory_order_relaxed);
        if (atomic_references.fetch_sub(1, std::memory_order_acq_rel) == 1) std::abort();
    });
}
template <int kClone>
void run_rwlock(std::uint64_t n) {
    percpu::rwlock& one = rwlock();
    repeat<kClone>(n, [&]() __attribute__((always_inline)) {
        one.lock_shared();
        one.unlock_shared();
    });
}
template <int kClone>
void run_shared_mutex(std::uint64_t n) {
    std::shared_mutex& one = shared_mutex();
    repeat<kClone>(n, [&]() __attribute__((always_inline)) {
        one.lock_shared();
        one.unlock_shared();
    });
}
template <int kClone>
void run_freelist(std::uint64_t n) {
    percpu::freelist<Node>& list = freelist();
    repeat<kClone>(n, [&]() __attribute__((always_inline)) {
        Node* node = list.pop();
        if (node == nullptr) [[unlikely]] node = new Node;  // once for each CPU
        list.push(node);
    });
}
template <int kClone>
void run_mutex_list(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) {
        pthread_mutex_lock(&mutex);
        Node* node = mutex_list;
        if (node != nullptr) [[likely]] mutex_list = node->next;
        pthread_mutex_unlock(&mutex);
        if (node == nullptr) [[unlikely]] node = new Node;  // once for each thread
        pthread_mutex_lock(&mutex);
        node->next = mutex_list;
        mutex_list = node;
        pthread_mutex_unlock(&mutex);
    });
}
template <int kClone>
void run_cache(std::uint64_t n) {
    percpu::cache<Node[8]>& one = cache();
    repeat<kClone>(n, [&]() __attribute__((always_inline)) { one.put(one.take()); });
}
template <int kClone>
void run_malloc(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) {
        void* volatile memory = std::malloc(64);
        std::free(memory);
    });
}
template <int kClone>
void run_allocation(std::uint64_t n) {
    repeat<kClone>(n, []() __attribute__((always_inline)) { percpu::detail::free_block(percpu::detail::allocate_block(8, 8, percpu::detail::Content::kZero)); });
}

}  // namespace KLOOM_WORKLOADS

#define KLOOM_LIST_NAME(name) workloads_##name
#define KLOOM_LIST(name) KLOOM_LIST_NAME(name)

#define KLOOM_WORKLOAD(name, function) Workload{name, {function<0>, function<1>, function<2>, function<3>}}

std::vector<Workload> KLOOM_LIST(KLOOM_WORKLOADS)() {
    using namespace KLOOM_WORKLOADS;
    return {
        KLOOM_WORKLOAD("thread_local", run_thread_local),
        KLOOM_WORKLOAD("plain variable", run_plain),
        KLOOM_WORKLOAD("percpu add", run_add),
        KLOOM_WORKLOAD("percpu add by pointer", run_add_by_pointer),
        KLOOM_WORKLOAD("percpu guard", run_guard),
        KLOOM_WORKLOAD("percpu counter", run_counter),
        KLOOM_WORKLOAD("atomic", run_atomic),
        KLOOM_WORKLOAD("sched_getcpu + atomic", run_getcpu_atomic),
        KLOOM_WORKLOAD("mutex", run_mutex),
        KLOOM_WORKLOAD("percpu refcount pair", run_refcount),
        KLOOM_WORKLOAD("atomic refcount pair", run_atomic_refcount),
        KLOOM_WORKLOAD("percpu rwlock reader pair", run_rwlock),
        KLOOM_WORKLOAD("std::shared_mutex reader pair", run_shared_mutex),
        KLOOM_WORKLOAD("percpu freelist pair", run_freelist),
        KLOOM_WORKLOAD("mutex list pair", run_mutex_list),
        KLOOM_WORKLOAD("percpu cache pair", run_cache),
        KLOOM_WORKLOAD("malloc and free", run_malloc),
        KLOOM_WORKLOAD("percpu allocation and free", run_allocation),
    };
}

}  // namespace kloom::bench
