// A chunk: 64 KiB of handles with a copy for each possible CPU, reserved at once and touched by nobody but its users.
//
//     base          +1 unit       +2 units                       + (2 + possible CPUs) units
//     [ no access ][ no-CPU unit ][ CPU 0 ][ CPU 1 ] ...
//
// What is known of the handles lies apart, one byte for each grain of 8 bytes, so that no bookkeeping touches a copy. A
// grain goes from clean (all its copies are zero bytes) to a block's and by way of dirty back to clean:
//
//     clean --allocate--> block (start byte: size and state, then interior bytes) --free--> dirty --Chunk::clean--> clean
//
// Cleaning is put off until there is much of it. It asks the kernel which pages exist (/proc/self/pagemap) and looks only
// at those, so it costs what the CPUs that ran have touched, not what the possible ones could have.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "percpu/detail/memory.hpp"

namespace percpu::detail {

inline constexpr std::size_t kGrainBytes = 8;
inline constexpr std::uint32_t kGrains = kUnitBytes / kGrainBytes;
inline constexpr std::uint32_t kSmallGrainsMax = 8;  // blocks up to this size are found and kept apart by size

// State of a grain. From kLive on: the start of an allocated block, of (state - kLive) grains or, with kLiveLong, of as many as
// interior grains follow.
enum GrainState : std::uint8_t {
    kClean = 0,
    kDirty = 1,
    kInterior = 2,
    kReserved = 3,  // start of a block that waits in a magazine, clean or just freed
    kLive = 16,
    kLiveLong = 255,
};

class Chunk {
  public:
    // Null when the address space or memory is used up.
    static Chunk* create(Content content);

    Handle base() const { return base_; }
    Content content() const { return content_; }
    Handle handle_of(std::uint32_t grain) const { return base_ + grain * kGrainBytes; }

    // ---- by whoever owns the block: no lock ----

    // Makes a reserved block live. `grains` is its size.
    void make_live(Handle handle, std::uint32_t grains);

    // Makes a live block reserved and returns its size in grains. Aborts when there is no live block at `handle`.
    std::uint32_t make_reserved(Handle handle);

    // ---- with the pool's mutex ----

    // Reserves a block of clean grains, its start at a multiple of `alignment_grains`. 0: there is none.
    Handle reserve(std::uint32_t grains, std::uint32_t alignment_grains);

    // Takes back a reserved block that was never live.
    void return_clean(Handle handle, std::uint32_t grains);

    // Takes back a reserved block that was.
    void return_dirty(Handle handle, std::uint32_t grains);

    // Makes all dirty grains clean.
    void clean();

    std::uint32_t dirty_grains() const { return dirty_; }
    // Whether a search can succeed; false also when a block of at most this size was looked for in vain.
    bool may_have(std::uint32_t grains) const {
        return grains <= kGrains - fresh_ || (grains <= clean_ && grains < failed_grains_);
    }
    bool is_used_up() const { return fresh_ == kGrains && clean_ == 0; }

    // Link of the pool's list of chunks in which something may be had.
    Chunk* next_available = nullptr;
    bool is_available = false;

  private:
    Handle reserve_fresh(std::uint32_t grains, std::uint32_t alignment_grains);
    Handle reserve_recycled(std::uint32_t grains, std::uint32_t alignment_grains);
    template <class Function>
    void for_each_dirty(std::uint32_t first, std::uint32_t end, Function function);
    void forget_searches();
    Handle mark_reserved(std::uint32_t grain, std::uint32_t grains);
    void set_states(std::uint32_t grain, std::uint32_t grains, GrainState state);
    GrainState state(std::uint32_t grain) const { return states_[grain].load(std::memory_order_relaxed); }
    void clean_copies();
    void clean_page(std::size_t offset, std::size_t page_size);  // offset from the first copy

    Handle base_ = 0;
    std::size_t cpus_ = 0;  // possible CPUs, without the copy of no CPU
    Content content_ = Content::kZero;
    std::uint32_t fresh_ = 0;                    // grains from here on were never handed out
    std::uint32_t clean_ = 0;                    // clean grains below fresh_
    std::uint32_t dirty_ = 0;                    // dirty grains
    std::uint32_t failed_grains_ = kGrains + 1;  // no run of so many clean grains below fresh_
    // For each small size: no run of so many clean grains begins below here. All refills between two cleanings are one walk
    // over the chunk together.
    std::uint32_t search_begin_[kSmallGrainsMax + 1] = {};
    // Relaxed everywhere: a block's start belongs to its owner, and owners hand over by means of their own.
    alignas(8) std::atomic<GrainState> states_[kGrains] = {};
};

inline void Chunk::make_live(Handle handle, std::uint32_t grains) {
    const std::uint32_t code = kLive + grains;
    states_[(handle - base_) / kGrainBytes].store(code < kLiveLong ? static_cast<GrainState>(code) : kLiveLong,
                                                  std::memory_order_relaxed);
}

// ---- finding chunks by handle --------------------------------------------------------------------------------------

// Open addressing, at most half full. A table that became too small stays mapped, for threads that still look into it; all
// of them together are smaller than the current one.
struct ChunkTable {
    struct Slot {
        std::atomic<Handle> base;  // 0: free. Written last, with release
        Chunk* chunk;
    };

    std::size_t slots;  // a power of two
    Slot first[];

    std::size_t slot_of(Handle base) const { return (base >> kUnitShift) * 0x9e3779b97f4a7c15U >> 32 & (slots - 1); }
};

extern std::atomic<ChunkTable*> chunk_table;

// Remembers a new chunk; false when there is no memory. With the pool's mutex.
bool register_chunk(Chunk* chunk);

// The chunk that `handle` lies in, or null. No lock: chunks are never unmapped.
inline Chunk* find_chunk(Handle handle) {
    const ChunkTable* const table = chunk_table.load(std::memory_order_acquire);  // pairs with the release in register_chunk()
    if (table == nullptr) return nullptr;
    const Handle base = handle & ~static_cast<Handle>(kUnitBytes - 1);
    for (std::size_t slot = table->slot_of(base);; slot = (slot + 1) & (table->slots - 1)) {
        const Handle found = table->first[slot].base.load(std::memory_order_acquire);  // pairs with the release in insert()
        if (found == base) return table->first[slot].chunk;
        if (found == 0) return nullptr;  // half of the slots are: this ends
    }
}

}  // namespace percpu::detail
