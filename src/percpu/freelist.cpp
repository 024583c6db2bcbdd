#include "percpu/freelist.hpp"

#include "percpu/fatal.hpp"

namespace percpu::detail {
namespace {

void*& link_of(void* node) { return *static_cast<void**>(node); }

}  // namespace

node_list::node_list() : heads_(allocate<void*>()) {
    if (!heads_) fatal("no memory for a free list");
}

node_list::~node_list() { pthread_mutex_destroy(&mutex_); }

void node_list::push_shared(void* node) {
    pthread_mutex_lock(&mutex_);
    link_of(node) = shared_.load(std::memory_order_relaxed);
    shared_.store(node, std::memory_order_relaxed);
    pthread_mutex_unlock(&mutex_);
}

void* node_list::pop_shared() {
    pthread_mutex_lock(&mutex_);
    void* const node = shared_.load(std::memory_order_relaxed);
    if (node != nullptr) shared_.store(link_of(node), std::memory_order_relaxed);
    pthread_mutex_unlock(&mutex_);
    return node;
}

void* node_list::take_all() {
    void* all = shared_.exchange(nullptr, std::memory_order_acquire);
    heads_.for_each([&](int, void*& head) {
        while (head != nullptr) {
            void* const node = head;
            head = link_of(node);
            link_of(node) = all;
            all = node;
        }
    });
    return all;
}

}  // namespace percpu::detail
