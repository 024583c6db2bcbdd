// A list of free objects for each CPU, linked through the objects: last in, first out, without locks or locked instructions.
//
// Cost: push() and pop() one sequence of four or five loads and stores. Memory: 8 bytes for each CPU; nothing for an object.
// Threads without rseq share one list under a mutex; others look there when their CPU's list is empty.
// Context: threads; push() and pop() of threads with rseq in signal handlers as well.
#pragma once

#include <pthread.h>

#include <atomic>

#include "percpu/allocate.hpp"

namespace percpu {
namespace detail {

// The part that does not depend on the type: nodes whose first word is the link.
class node_list {
  public:
    node_list();
    ~node_list();
    node_list(const node_list&) = delete;
    node_list& operator=(const node_list&) = delete;

    [[gnu::always_inline]] void push(void* node) {
        if (!sequence::list_push(heads_.handle(), node)) [[unlikely]] push_shared(node);
    }

    [[gnu::always_inline]] void* pop() {
        void* node;
        if (sequence::list_pop(heads_.handle(), &node) && node != nullptr) [[likely]] return node;
        // Relaxed: only a hint, the list itself is under the mutex.
        if (shared_.load(std::memory_order_relaxed) == nullptr) return nullptr;
        return pop_shared();
    }

    void* take_all();

  private:
    void push_shared(void* node);
    void* pop_shared();

    owned<void*> heads_;
    std::atomic<void*> shared_{nullptr};
    pthread_mutex_t mutex_ = PTHREAD_MUTEX_INITIALIZER;
};

}  // namespace detail

// Requires: sizeof(T) >= 8. An object in the list is raw memory whose first 8 bytes the list uses; it owns none.
template <class T>
class freelist {
    static_assert(sizeof(T) >= sizeof(void*) && alignof(T) >= alignof(void*), "the link lies in the object");

  public:
    // Puts `object` on the list of the CPU on which this thread is.
    [[gnu::always_inline]] void push(T* object) { nodes_.push(object); }

    // Takes the last one of this CPU's list, or one of the shared list; null when both are empty, even if others are not.
    [[nodiscard, gnu::always_inline]] T* pop() { return static_cast<T*>(nodes_.pop()); }

    // Takes everything from all lists and calls function(object) for each. Requires: no thread uses the list meanwhile.
    template <class Function>
    void drain(Function function) {
        void* node = nodes_.take_all();
        while (node != nullptr) {
            void* const next = *static_cast<void**>(node);
            function(static_cast<T*>(node));
            node = next;
        }
    }

  private:
    detail::node_list nodes_;
};

}  // namespace percpu
