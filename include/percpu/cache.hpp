// A cache of objects in front of the heap: each CPU keeps up to kCapacity freed ones for the next that are asked for.
//
//     percpu::cache<Request> requests;
//     Request* r = requests.make(fd);   ...   requests.destroy(r);
//
// Cost: make() and destroy() one sequence each, and the constructor and destructor; the heap's when the CPU's place is empty or full.
// Memory: 8 * (kCapacity + 1) bytes for each CPU, and at most kCapacity objects that wait on each.
// Threads without rseq go to the heap.
// Context: threads.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <new>
#include <utility>

#include "percpu/allocate.hpp"

namespace percpu {

template <class T, std::size_t kCapacity = 63>
class cache {
    static_assert(kCapacity >= 1 && (kCapacity + 1) * 8 <= detail::kUnitBytes);

  public:
    cache() : stacks_(allocate<Stack>()) {}
    // Requires: no thread uses the cache. Objects that were made and not destroyed stay on the heap.
    ~cache() {
        if (!stacks_) return;
        stacks_.for_each([](int, Stack& stack) {
            while (stack.count != 0) std::free(reinterpret_cast<void*>(stack.items[--stack.count]));
        });
    }
    cache(const cache&) = delete;
    cache& operator=(const cache&) = delete;

    // Null when the heap is exhausted.
    template <class... Arguments>
    [[nodiscard]] T* make(Arguments&&... arguments) {
        void* const memory = take();
        return memory == nullptr ? nullptr : new (memory) T(std::forward<Arguments>(arguments)...);
    }

    // Requires: made here. Null is ignored.
    void destroy(T* object) {
        if (object == nullptr) return;
        object->~T();
        put(object);
    }

    // Raw memory for a T, and back.
    [[nodiscard, gnu::always_inline]] void* take() {
        std::uint64_t item;
        if (stacks_ && detail::sequence::stack_pop(stacks_.handle(), &item)) [[likely]] return reinterpret_cast<void*>(item);
        return take_from_heap();
    }
    [[gnu::always_inline]] void put(void* memory) {
        const auto item = reinterpret_cast<std::uint64_t>(memory);
        if (!stacks_ || !detail::sequence::stack_push(stacks_.handle(), item, kCapacity)) [[unlikely]] std::free(memory);
    }

  private:
    struct Stack {
        std::uint64_t count;
        std::uint64_t items[kCapacity];
    };

    static void* take_from_heap() {
        constexpr std::size_t kAlignment = alignof(T) < sizeof(void*) ? sizeof(void*) : alignof(T);
        constexpr std::size_t kBytes = (sizeof(T) + kAlignment - 1) / kAlignment * kAlignment;
        return std::aligned_alloc(kAlignment, kBytes);
    }

    owned<Stack> stacks_;
};

}  // namespace percpu
