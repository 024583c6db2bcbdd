// The allocator of per-CPU memory, as the headers see it.
#pragma once

#include <atomic>
#include <cstddef>
#include <type_traits>

#include "percpu/detail/layout.hpp"

namespace percpu::detail {

inline constexpr std::size_t kAlignmentMax = 4096;

// Variables that start as zero bytes lie apart from those that are written on every CPU when they are made, so that the
// latter make no page of the former exist.
enum class Content { kZero, kInitialised };

// A block whose copies are all zero bytes, or 0: too large (kUnitBytes), a wrong alignment (kAlignmentMax) or no memory.
// Context: threads; takes a mutex now and then.
Handle allocate_block(std::size_t size_bytes, std::size_t alignment, Content content);

// Gives a block back. Aborts with a message on a handle that is not that of an allocated block. 0 is ignored.
// Context: threads; takes a mutex now and then.
void free_block(Handle handle);

// How a variable's copies come to life. `context` is the variable's own.
struct Construction {
    std::size_t size_bytes;
    std::size_t alignment;
    void (*construct)(void* copy, const void* context);  // null: zero bytes are the initial value
    void (*destroy)(void* copy);                         // null: nothing to do
};

// Allocates and constructs all copies; 0 when there is no memory.
Handle create(const Construction& construction, const void* context);

// Destroys all copies and frees them.
void destroy(const Construction& construction, Handle handle);

// Gives a static variable its copies, once for all threads. Aborts when there is no memory: there is nobody to tell.
Handle create_static(std::atomic<Handle>& slot, const Construction& construction, const void* context);

// The end of a static variable. Its copies are freed when its shared object is unloaded; in the program itself they stay,
// since other threads may go on counting while the process ends.
void destroy_static(std::atomic<Handle>& slot, const Construction& construction);

// Ends the T at `copy`, element by element if it is an array.
template <class T>
void destroy_copy(void* copy) {
    if constexpr (std::is_array_v<T>) {
        using Element = std::remove_extent_t<T>;
        for (std::size_t i = 0; i < std::extent_v<T>; ++i) destroy_copy<Element>(static_cast<Element*>(copy) + i);
    } else {
        static_cast<T*>(copy)->~T();
    }
}

// Calls function(copy) for the copy of threads without rseq and for those of all possible CPUs.
template <class Function>
void for_each_copy(Handle handle, int possible_cpus, Function function) {
    for (int cpu = kNoCpu; cpu < possible_cpus; ++cpu) function(copy_address(handle, cpu));
}

}  // namespace percpu::detail
