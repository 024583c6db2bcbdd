#include "percpu/chunk.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "percpu/fatal.hpp"
#include "percpu/runtime.hpp"

// There in programs with AddressSanitizer or LeakSanitizer: memory that holds pointers, without being on the heap.
extern "C" void __lsan_register_root_region(const void* begin, std::size_t bytes) __attribute__((weak));

namespace percpu::detail {
namespace {

std::size_t page_bytes() { return static_cast<std::size_t>(sysconf(_SC_PAGESIZE)); }

void* map(std::size_t bytes, int protection) {
    void* memory = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? nullptr : memory;
}

// Reserves `bytes` at a multiple of the unit's size; 0 when it cannot be had.
std::uintptr_t map_aligned_to_unit(std::size_t bytes) {
    void* memory = map(bytes + kUnitBytes, PROT_NONE);
    if (memory == nullptr) return 0;
    const auto begin = reinterpret_cast<std::uintptr_t>(memory);
    const std::uintptr_t aligned = (begin + kUnitBytes - 1) & ~(kUnitBytes - 1);
    const std::size_t before = aligned - begin;
    if (before != 0) munmap(memory, before);
    munmap(reinterpret_cast<void*>(aligned + bytes), kUnitBytes - before);
    return aligned;
}

}  // namespace

// ---- life of a chunk -----------------------------------------------------------------------------------------------

Chunk* Chunk::create(Content content) {
    const auto cpus = static_cast<std::size_t>(possible_cpus());
    const std::size_t copies_bytes = (1 + cpus) * kUnitBytes;
    const std::uintptr_t base = map_aligned_to_unit(kUnitBytes + copies_bytes);
    if (base == 0) return nullptr;
    auto* const copies = reinterpret_cast<void*>(base + kNoCpuOffset);
    void* const description = map(sizeof(Chunk), PROT_READ | PROT_WRITE);
    if (description == nullptr || mprotect(copies, copies_bytes, PROT_READ | PROT_WRITE) != 0) {
        munmap(reinterpret_cast<void*>(base), kUnitBytes + copies_bytes);
        if (description != nullptr) munmap(description, sizeof(Chunk));
        return nullptr;
    }
    // A huge page would make a CPU's first touch cost 2 MiB. Where the kernel has none, the advice fails, rightly.
    madvise(copies, copies_bytes, MADV_NOHUGEPAGE);
    if (__lsan_register_root_region != nullptr) __lsan_register_root_region(copies, copies_bytes);

    // The states are zero already and would only be touched by a constructor.
    auto* const chunk = static_cast<Chunk*>(description);
    chunk->base_ = base;
    chunk->cpus_ = cpus;
    chunk->content_ = content;
    chunk->failed_grains_ = kGrains + 1;
    return chunk;
}

void Chunk::set_states(std::uint32_t grain, std::uint32_t grains, GrainState state) {
    for (std::uint32_t i = 0; i < grains; ++i) states_[grain + i].store(state, std::memory_order_relaxed);
}

// ---- owners --------------------------------------------------------------------------------------------------------

std::uint32_t Chunk::make_reserved(Handle handle) {
    const std::size_t offset = handle - base_;
    if (offset % kGrainBytes != 0) fatal("free of %#zx: it points into a variable, not at its start", handle);
    const auto grain = static_cast<std::uint32_t>(offset / kGrainBytes);
    const GrainState before = states_[grain].exchange(kReserved, std::memory_order_relaxed);
    if (before == kInterior) fatal("free of %#zx: it points into a variable, not at its start", handle);
    if (before <= kLive) fatal("free of %#zx: it is not allocated; freed twice?", handle);
    if (before != kLiveLong) return before - kLive;

    std::uint32_t grains = 1;
    while (grain + grains < kGrains && state(grain + grains) == kInterior) ++grains;
    return grains;
}

// ---- the pool ------------------------------------------------------------------------------------------------------

Handle Chunk::reserve(std::uint32_t grains, std::uint32_t alignment_grains) {
    if (const Handle handle = reserve_fresh(grains, alignment_grains)) return handle;
    if (clean_ < grains || grains >= failed_grains_) return 0;
    const Handle handle = reserve_recycled(grains, alignment_grains);
    if (handle == 0 && alignment_grains == 1) failed_grains_ = grains;
    return handle;
}

Handle Chunk::reserve_fresh(std::uint32_t grains, std::uint32_t alignment_grains) {
    const std::uint32_t start = (fresh_ + alignment_grains - 1) & ~(alignment_grains - 1);
    if (start + grains > kGrains) return 0;
    if (start != fresh_) {  // what alignment leaves out is as good as returned
        clean_ += start - fresh_;
        forget_searches();
    }
    fresh_ = start + grains;
    return mark_reserved(start, grains);
}

Handle Chunk::reserve_recycled(std::uint32_t grains, std::uint32_t alignment_grains) {
    const bool is_small = grains <= kSmallGrainsMax;
    std::uint32_t& begin = search_begin_[is_small ? grains : kSmallGrainsMax];
    std::uint32_t start = (begin + alignment_grains - 1) & ~(alignment_grains - 1);
    while (start + grains <= fresh_) {
        std::uint32_t length = 0;
        while (length < grains && state(start + length) == kClean) ++length;
        if (length == grains) {
            clean_ -= grains;
            if (is_small && alignment_grains == 1) begin = start + grains;
            return mark_reserved(start, grains);
        }
        start = (start + length + alignment_grains) & ~(alignment_grains - 1);
    }
    return 0;
}

void Chunk::forget_searches() {
    failed_grains_ = kGrains + 1;
    for (std::uint32_t& begin : search_begin_) begin = 0;
}

Handle Chunk::mark_reserved(std::uint32_t grain, std::uint32_t grains) {
    set_states(grain + 1, grains - 1, kInterior);
    states_[grain].store(kReserved, std::memory_order_relaxed);
    return handle_of(grain);
}

void Chunk::return_clean(Handle handle, std::uint32_t grains) {
    set_states(static_cast<std::uint32_t>((handle - base_) / kGrainBytes), grains, kClean);
    clean_ += grains;
    forget_searches();
}

void Chunk::return_dirty(Handle handle, std::uint32_t grains) {
    set_states(static_cast<std::uint32_t>((handle - base_) / kGrainBytes), grains, kDirty);
    dirty_ += grains;
}

// ---- cleaning ------------------------------------------------------------------------------------------------------

void Chunk::clean() {
    const std::size_t copies_bytes = (1 + cpus_) * kUnitBytes;
    const std::uintptr_t copies = base_ + kNoCpuOffset;
    const bool is_empty = dirty_ + clean_ == fresh_;
    if (!is_empty || madvise(reinterpret_cast<void*>(copies), copies_bytes, MADV_DONTNEED) != 0) clean_copies();

    for_each_dirty(0, fresh_, [this](std::uint32_t grain) { states_[grain].store(kClean, std::memory_order_relaxed); });
    clean_ += dirty_;
    dirty_ = 0;
    forget_searches();
    if (clean_ == fresh_) clean_ = fresh_ = 0;
}

// Without a page map every page counts as touched.
void Chunk::clean_copies() {
    constexpr std::size_t kEntries = 512;  // of the page map at a time
    constexpr std::uint64_t kPresentOrSwapped = std::uint64_t{3} << 62;
    std::uint64_t entries[kEntries];
    const std::size_t page_size = page_bytes();
    const std::uintptr_t copies = base_ + kNoCpuOffset;
    const std::size_t pages = (1 + cpus_) * kUnitBytes / page_size;
    const int page_map = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
    for (std::size_t first = 0; first < pages; first += kEntries) {
        const std::size_t count = pages - first < kEntries ? pages - first : kEntries;
        const auto where = static_cast<off_t>((copies / page_size + first) * sizeof entries[0]);
        const std::size_t wanted = count * sizeof entries[0];
        const bool is_known = page_map >= 0 && pread(page_map, entries, wanted, where) == static_cast<ssize_t>(wanted);
        for (std::size_t i = 0; i < count; ++i)
            if (!is_known || (entries[i] & kPresentOrSwapped) != 0) clean_page((first + i) * page_size, page_size);
    }
    if (page_map >= 0) close(page_map);
}

// Looks before it writes: a page that was only read has no memory yet.
void Chunk::clean_page(std::size_t offset, std::size_t page_size) {
    const auto first = static_cast<std::uint32_t>(offset % kUnitBytes / kGrainBytes);
    const std::uint32_t end = first + static_cast<std::uint32_t>(page_size / kGrainBytes);
    auto* const words = reinterpret_cast<std::uint64_t*>(base_ + kNoCpuOffset + offset);
    for_each_dirty(first, end < fresh_ ? end : fresh_, [&](std::uint32_t grain) {
        if (words[grain - first] != 0) words[grain - first] = 0;
    });
}

// Eight states at a time: most of a chunk is not dirty.
template <class Function>
void Chunk::for_each_dirty(std::uint32_t first, std::uint32_t end, Function function) {
    constexpr std::uint64_t kEach = 0x0101010101010101;
    constexpr std::uint64_t kLow7 = 0x7f * kEach;
    for (std::uint32_t grain = first; grain < end; grain += 8) {
        // Owners change states meanwhile, but none to or from dirty.
        using States [[gnu::may_alias]] = std::uint64_t;
        const void* const eight = __builtin_assume_aligned(&states_[grain], 8);
        const std::uint64_t states = __atomic_load_n(static_cast<const States*>(eight), __ATOMIC_RELAXED);
        const std::uint64_t difference = states ^ kDirty * kEach;
        // The top bit of each byte that is 0, that is, of each dirty grain.
        std::uint64_t dirty = ~(((difference & kLow7) + kLow7) | difference | kLow7);
        for (; dirty != 0; dirty &= dirty - 1) function(grain + static_cast<std::uint32_t>(__builtin_ctzll(dirty)) / 8);
    }
}

// ---- finding chunks by handle --------------------------------------------------------------------------------------

std::atomic<ChunkTable*> chunk_table{nullptr};

namespace {

constexpr std::size_t kSlotsFirst = 256;
std::size_t chunks_registered = 0;

void insert(ChunkTable& table, Handle base, Chunk* chunk) {
    std::size_t slot = table.slot_of(base);
    while (table.first[slot].base.load(std::memory_order_relaxed) != 0) slot = (slot + 1) & (table.slots - 1);
    table.first[slot].chunk = chunk;
    table.first[slot].base.store(base, std::memory_order_release);
}

ChunkTable* larger_table(const ChunkTable* old) {
    const std::size_t slots = old == nullptr ? kSlotsFirst : 2 * old->slots;
    const std::size_t bytes = sizeof(ChunkTable) + slots * sizeof(ChunkTable::Slot);
    auto* const table = static_cast<ChunkTable*>(map(bytes, PROT_READ | PROT_WRITE));
    if (table == nullptr) return nullptr;
    table->slots = slots;
    for (std::size_t slot = 0; old != nullptr && slot < old->slots; ++slot)
        if (const Handle base = old->first[slot].base.load(std::memory_order_relaxed)) insert(*table, base, old->first[slot].chunk);
    return table;
}

}  // namespace

bool register_chunk(Chunk* chunk) {
    ChunkTable* table = chunk_table.load(std::memory_order_relaxed);
    if (table == nullptr || 2 * (chunks_registered + 1) > table->slots) {
        table = larger_table(table);
        if (table == nullptr) return false;
        chunk_table.store(table, std::memory_order_release);
    }
    insert(*table, chunk->base(), chunk);
    ++chunks_registered;
    return true;
}

}  // namespace percpu::detail
