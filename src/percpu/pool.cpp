// Allocation of per-CPU memory.
//
// Small zero-content blocks go through magazines, per-CPU stacks of handles for each size, one of clean blocks and one of
// freed ones; taking from and putting on them is one restartable sequence. A mutex is taken for sixteen blocks at a time,
// for other blocks and by threads without rseq. All of it is independent of the number of possible CPUs but for making a
// chunk, which reserves address space, and cleaning, which looks at pages that exist.
#include <pthread.h>

#include <cstring>

#include "percpu/chunk.hpp"
#include "percpu/detail/memory.hpp"
#include "percpu/detail/sequence.hpp"
#include "percpu/fatal.hpp"
#include "percpu/statics.hpp"

namespace percpu::detail {
namespace {

constexpr std::uint32_t kRefill = 16;
constexpr std::uint32_t kMagazineCapacity = 31;
// A chunk is cleaned when so many of its grains are dirty and no other has room: freed memory that waits is an eighth at most.
constexpr std::uint32_t kDirtyGrainsMin = kGrains / 8;

// The per-CPU data of the allocator itself, in the copies of its first block.
struct Magazine {
    std::uint64_t count;
    Handle blocks[kMagazineCapacity];
};
struct Magazines {
    Magazine clean[kSmallGrainsMax];
    Magazine freed[kSmallGrainsMax];
};
static_assert(sizeof(Magazines) == 4096, "a page for each CPU");

std::atomic<Handle> magazines{0};

Handle clean_magazine(Handle base, std::uint32_t grains) {
    return base + offsetof(Magazines, clean) + (grains - 1) * sizeof(Magazine);
}

Handle freed_magazine(Handle base, std::uint32_t grains) {
    return base + offsetof(Magazines, freed) + (grains - 1) * sizeof(Magazine);
}

// ---- with the mutex ------------------------------------------------------------------------------------------------

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
bool is_fork_safe = false;

void lock() { pthread_mutex_lock(&mutex); }
void unlock() { pthread_mutex_unlock(&mutex); }

// A child must not find a mutex taken by a thread that it does not have. Both are taken here, in the one order that there is:
// handlers of their own would run in the order in which they happen to be registered.
void before_fork() {
    lock_statics();
    lock();
}
void after_fork_in_parent() {
    unlock();
    unlock_statics();
}
void after_fork_in_child() {
    unlock();
    reset_statics();
}

class Lock {
  public:
    Lock() { lock(); }
    ~Lock() { unlock(); }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;
};

// Chunks in which something can be had, or will be after cleaning; one list for each Content.
Chunk* available[2] = {};

void make_available(Chunk& chunk) {
    if (chunk.is_available) return;
    Chunk*& first = available[static_cast<int>(chunk.content())];
    chunk.next_available = first;
    first = &chunk;
    chunk.is_available = true;
}

Handle reserve_in_available(std::uint32_t grains, std::uint32_t alignment_grains, Content content) {
    Chunk** link = &available[static_cast<int>(content)];
    while (Chunk* const chunk = *link) {
        if (chunk->may_have(grains))
            if (const Handle handle = chunk->reserve(grains, alignment_grains)) return handle;
        if (chunk->is_used_up() && chunk->dirty_grains() < kDirtyGrainsMin) {
            *link = chunk->next_available;
            chunk->is_available = false;
        } else {
            link = &chunk->next_available;
        }
    }
    return 0;
}

bool clean_one(Content content) {
    for (Chunk* chunk = available[static_cast<int>(content)]; chunk != nullptr; chunk = chunk->next_available) {
        if (chunk->dirty_grains() < kDirtyGrainsMin) continue;
        chunk->clean();
        return true;
    }
    return false;
}

bool add_chunk(Content content) {
    if (!is_fork_safe) {
        pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child);
        is_fork_safe = true;
    }
    Chunk* const chunk = Chunk::create(content);
    if (chunk == nullptr || !register_chunk(chunk)) return false;
    make_available(*chunk);
    return true;
}

Handle reserve(std::uint32_t grains, std::uint32_t alignment_grains, Content content) {
    do {
        if (const Handle handle = reserve_in_available(grains, alignment_grains, content)) return handle;
    } while (clean_one(content));  // ends: each turn leaves one dirty chunk fewer
    return add_chunk(content) ? reserve_in_available(grains, alignment_grains, content) : 0;
}

void return_dirty(Handle handle, std::uint32_t grains) {
    Chunk& chunk = *find_chunk(handle);
    chunk.return_dirty(handle, grains);
    if (chunk.dirty_grains() >= kDirtyGrainsMin) make_available(chunk);
}

Handle magazines_made() {
    Handle base = magazines.load(std::memory_order_relaxed);
    if (base == 0) {
        base = reserve(sizeof(Magazines) / kGrainBytes, sizeof(Magazines) / kGrainBytes, Content::kZero);
        if (base == 0) return 0;
        find_chunk(base)->make_live(base, sizeof(Magazines) / kGrainBytes);
        magazines.store(base, std::memory_order_release);  // pairs with the acquire in allocate_small()
    }
    return base;
}

// One block for the caller, and more for the magazine of whichever CPU this is.
Handle refill(std::uint32_t grains) {
    const Lock guard;
    const Handle base = magazines_made();
    const Handle result = base == 0 ? 0 : reserve(grains, 1, Content::kZero);
    if (result == 0 || sequence::current_cpu() < 0) return result;
    for (std::uint32_t i = 1; i < kRefill; ++i) {
        const Handle more = reserve_in_available(grains, 1, Content::kZero);
        if (more == 0) break;
        if (!sequence::stack_push(clean_magazine(base, grains), more, kMagazineCapacity)) {
            find_chunk(more)->return_clean(more, grains);
            break;
        }
    }
    return result;
}

void flush(Handle base, Handle handle, std::uint32_t grains) {
    const Lock guard;
    return_dirty(handle, grains);
    std::uint64_t freed;
    for (std::uint32_t i = 0; i < kMagazineCapacity && sequence::stack_pop(freed_magazine(base, grains), &freed); ++i)
        return_dirty(freed, grains);
}

// ---- the two ways --------------------------------------------------------------------------------------------------

Handle allocate_small(std::uint32_t grains) {
    const Handle base = magazines.load(std::memory_order_acquire);
    Handle handle;
    if (base == 0 || !sequence::stack_pop(clean_magazine(base, grains), &handle)) handle = refill(grains);
    return handle;
}

}  // namespace

Handle allocate_block(std::size_t size_bytes, std::size_t alignment, Content content) {
    const bool is_power_of_two = alignment != 0 && (alignment & (alignment - 1)) == 0;
    if (size_bytes == 0 || size_bytes > kUnitBytes || !is_power_of_two || alignment > kAlignmentMax) return 0;
    const auto grains = static_cast<std::uint32_t>((size_bytes + kGrainBytes - 1) / kGrainBytes);

    Handle handle;
    if (grains <= kSmallGrainsMax && alignment <= kGrainBytes && content == Content::kZero) {
        handle = allocate_small(grains);
    } else {
        const auto alignment_grains = static_cast<std::uint32_t>((alignment + kGrainBytes - 1) / kGrainBytes);
        const Lock guard;
        handle = reserve(grains, alignment_grains, content);
    }
    if (handle != 0) find_chunk(handle)->make_live(handle, grains);
    return handle;
}

void free_block(Handle handle) {
    if (handle == 0) return;
    Chunk* const chunk = find_chunk(handle);
    if (chunk == nullptr) fatal("free of %#zx: it was not allocated here", handle);
    const std::uint32_t grains = chunk->make_reserved(handle);

    const Handle base = magazines.load(std::memory_order_acquire);
    if (grains <= kSmallGrainsMax && chunk->content() == Content::kZero && base != 0) {
        if (!sequence::stack_push(freed_magazine(base, grains), handle, kMagazineCapacity)) flush(base, handle, grains);
    } else {
        const Lock guard;
        return_dirty(handle, grains);
    }
}

}  // namespace percpu::detail
