// How variables come to life and end: the part of percpu::variable and percpu::allocate that is the same for all types.
#include <pthread.h>

#include <link.h>

#include "percpu/detail/memory.hpp"
#include "percpu/fatal.hpp"
#include "percpu/runtime.hpp"
#include "percpu/statics.hpp"
#include "percpu/variable.hpp"

namespace percpu::detail {

Handle create(const Construction& construction, const void* context) {
    const Content content = construction.construct == nullptr ? Content::kZero : Content::kInitialised;
    const Handle handle = allocate_block(construction.size_bytes, construction.alignment, content);
    if (handle != 0 && construction.construct != nullptr) {
        for_each_copy(handle, possible_cpus(), [&](std::uintptr_t copy) {
            construction.construct(reinterpret_cast<void*>(copy), context);
        });
    }
    return handle;
}

void destroy(const Construction& construction, Handle handle) {
    if (handle == 0) return;
    if (construction.destroy != nullptr) {
        for_each_copy(handle, possible_cpus(),
                      [&](std::uintptr_t copy) { construction.destroy(reinterpret_cast<void*>(copy)); });
    }
    free_block(handle);
}

bool is_zero(const void* bytes, std::size_t size) {
    const auto* const begin = static_cast<const unsigned char*>(bytes);
    for (std::size_t i = 0; i < size; ++i)
        if (begin[i] != 0) return false;
    return true;
}

namespace {

// Recursive: a constructor may use another per-CPU variable for the first time.
pthread_mutex_t statics_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP;

// Whether an address lies in the program's own image, which is the first that dl_iterate_phdr() tells of.
bool is_in_program(const void* address) {
    struct Query {
        std::uintptr_t address;
        bool is_inside;
    } query = {reinterpret_cast<std::uintptr_t>(address), false};
    dl_iterate_phdr(
        [](dl_phdr_info* info, std::size_t, void* data) {
            auto& asked = *static_cast<Query*>(data);
            for (int i = 0; i < info->dlpi_phnum; ++i) {
                const auto& segment = info->dlpi_phdr[i];
                const std::uintptr_t begin = info->dlpi_addr + segment.p_vaddr;
                if (segment.p_type == PT_LOAD && asked.address - begin < segment.p_memsz) asked.is_inside = true;
            }
            return 1;  // no other object is wanted
        },
        &query);
    return query.is_inside;
}

}  // namespace

void lock_statics() { pthread_mutex_lock(&statics_mutex); }
void unlock_statics() { pthread_mutex_unlock(&statics_mutex); }
void reset_statics() { statics_mutex = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP; }

Handle create_static(std::atomic<Handle>& slot, const Construction& construction, const void* context) {
    lock_statics();
    Handle handle = slot.load(std::memory_order_relaxed);
    if (handle == 0) {
        handle = create(construction, context);
        if (handle == 0) fatal("no memory for a per-CPU variable of %zu bytes", construction.size_bytes);
        slot.store(handle, std::memory_order_release);  // pairs with the acquire in variable<T>::handle()
    }
    unlock_statics();
    return handle;
}

void destroy_static(std::atomic<Handle>& slot, const Construction& construction) {
    if (slot.load(std::memory_order_relaxed) == 0 || is_in_program(&slot)) return;
    destroy(construction, slot.exchange(0, std::memory_order_relaxed));
}

}  // namespace percpu::detail
