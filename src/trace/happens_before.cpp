#include "trace/happens_before.hpp"

#include <algorithm>
#include <bit>

namespace kloom::trace {
namespace {

constexpr size_t kInitialSlots = 1024;  // a power of two
constexpr uint16_t kSynchronising = kMarked | kAtomic;

size_t hash(uint64_t key) {
    return static_cast<size_t>((key * 0x9e3779b97f4a7c15ull) >> 20);
}

}  // namespace

// ---- ClockRows ----------------------------------------------------------------------------------

ClockRows::Row ClockRows::add() {
    const size_t begin = rows_ * width_;
    if (begin + width_ > cells_.size()) cells_.resize(std::max(begin + width_, cells_.size() * 2));
    std::fill_n(cells_.begin() + static_cast<ptrdiff_t>(begin), width_, 0);
    return static_cast<Row>(rows_++);
}

void ClockRows::widen(size_t width) {
    width = std::bit_ceil(width);
    if (width <= width_) return;
    std::vector<uint32_t> wide(std::max<size_t>(rows_, 1) * width, 0);
    for (size_t row = 0; row < rows_; ++row)
        std::copy_n(&cells_[row * width_], width_, &wide[row * width]);
    cells_.swap(wide);
    width_ = width;
}

void ClockRows::join(Row into, Row from) {
    uint32_t* target = at(into);
    const uint32_t* source = at(from);
    for (size_t path = 0; path < width_; ++path)
        target[path] = std::max(target[path], source[path]);
}

void ClockRows::copy(Row into, Row from) {
    std::copy_n(at(from), width_, at(into));
}

// ---- set-up
// --------------------------------------------------------------------------------------------------------

HappensBefore::HappensBefore()
    : slots_(kInitialSlots), cpu_lock_rows_(size_t{kCpusMax} * kCpuLocks, 0) {}

uint64_t HappensBefore::interests() const {
    return interests_of(EventKind::Access, EventKind::Free, EventKind::Release, EventKind::Acquire,
                        EventKind::LockAcquire, EventKind::LockRelease, EventKind::PathBegin,
                        EventKind::PathEnd, EventKind::PathWake, EventKind::Migrate,
                        EventKind::ContextChange, EventKind::ModuleUnload);
}

void HappensBefore::begin_execution() {
    clocks_.clear();
    path_rows_.clear();
    paths_.clear();
    slots_used_ = 0;
    if (++generation_ == 0) {
        std::fill(slots_.begin(), slots_.end(), Slot());
        generation_ = 1;
    }
    std::fill(cpu_lock_rows_.begin(), cpu_lock_rows_.end(), 0);
    deferred_ = {};
}

void HappensBefore::ensure_path(PathId path) {
    if (path.index() < path_rows_.size()) [[likely]]
        return;
    clocks_.widen(path.index() + 1);
    while (path_rows_.size() <= path.index()) {
        const Row row = clocks_.add();
        clocks_.at(row)[path_rows_.size()] = 1;
        path_rows_.push_back(row);
        paths_.emplace_back();
    }
}

HappensBefore::Row HappensBefore::sync_row(SyncKind kind, uintptr_t address) {
    const uint64_t key = (uint64_t{address} << 2) | static_cast<uint64_t>(kind);
    if ((slots_used_ + 1) * 2 > slots_.size()) grow_slots();
    size_t index = hash(key) & (slots_.size() - 1);
    while (slots_[index].generation == generation_) {  // ends: half of the slots are free
        if (slots_[index].key == key) return slots_[index].row;
        index = (index + 1) & (slots_.size() - 1);
    }
    ++slots_used_;
    slots_[index] = {.key = key, .generation = generation_, .row = clocks_.add()};
    return slots_[index].row;
}

void HappensBefore::grow_slots() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.generation != generation_) continue;
        size_t index = hash(slot.key) & (slots_.size() - 1);
        while (slots_[index].generation == generation_) index = (index + 1) & (slots_.size() - 1);
        slots_[index] = slot;
    }
}

HappensBefore::Row HappensBefore::cpu_lock_row(CpuId cpu, int lock) {
    uint32_t& entry = cpu_lock_rows_[cpu.index() * kCpuLocks + static_cast<size_t>(lock)];
    if (entry == 0) entry = clocks_.add() + 1;
    return entry - 1;
}

// ---- edges --------------------------------------------------------------------------------------

void HappensBefore::release(PathId path, Row row, Publish publish) {
    const Row own = path_rows_[path.index()];
    if (publish == Publish::Replace)
        clocks_.copy(row, own);
    else
        clocks_.join(row, own);
    ++clocks_.at(own)[path.index()];
}

void HappensBefore::follow(PathId later, PathId earlier, uint32_t at) {
    const Row row = path_rows_[later.index()];
    const uint32_t before = clocks_.at(row)[earlier.index()];
    clocks_.join(row, path_rows_[earlier.index()]);
    clocks_.at(row)[earlier.index()] = std::max(before, at);
}

void HappensBefore::acquire_cpu_locks(PathId path, CpuId cpu, uint8_t locks) {
    for (int lock = 0; lock < kCpuLocks; ++lock)
        if ((locks >> lock & 1) != 0) acquire(path, cpu_lock_row(cpu, lock));
}

void HappensBefore::release_cpu_locks(PathId path, CpuId cpu, uint8_t locks) {
    for (int lock = 0; lock < kCpuLocks; ++lock)
        if ((locks >> lock & 1) != 0) release(path, cpu_lock_row(cpu, lock), Publish::Join);
}

// The CPU locks that the state of a path amounts to.
uint8_t HappensBefore::cpu_locks_of(const PathInfo& info) {
    if (info.irqs_disabled) return cpu_locks_of_one_instruction(info);
    switch (info.kind) {
        case PathKind::Hardirq:
            return kIrqLock;
        case PathKind::Softirq:
            return kSoftirqLock;
        case PathKind::Task:
            break;
    }
    if (info.bh_disabled()) return kTaskLock | kSoftirqLock;
    return info.preempt_count != 0 ? kTaskLock : 0;
}

// Nothing on the CPU comes between one instruction of the path: the locks that it would hold with
// interrupts off.
uint8_t HappensBefore::cpu_locks_of_one_instruction(const PathInfo& info) {
    switch (info.kind) {
        case PathKind::Hardirq:
            return kIrqLock;
        case PathKind::Softirq:
            return kSoftirqLock | kIrqLock;
        case PathKind::Task:
            break;
    }
    return kTaskLock | kSoftirqLock | kIrqLock;
}

void HappensBefore::update_cpu_locks(const Event& event, uint8_t wanted) {
    PathState& state = paths_[event.path.index()];
    const bool has_moved = state.cpu != event.cpu;
    const uint8_t kept = has_moved ? 0 : static_cast<uint8_t>(state.held & wanted);
    release_cpu_locks(event.path, state.cpu, static_cast<uint8_t>(state.held & ~kept));
    acquire_cpu_locks(event.path, event.cpu, static_cast<uint8_t>(wanted & ~kept));
    state.held = wanted;
    state.cpu = event.cpu;
}

// ---- events -------------------------------------------------------------------------------------

void HappensBefore::on_event(const Event& event) {
    if (deferred_.path != kNoPath) finish_access();
    if (event.path == kNoPath) return;
    ensure_path(event.path);
    switch (event.kind) {
        case EventKind::Access:
            if ((event.flags & (kSynchronising | kCpuAtomic)) != 0) on_access(event);
            break;
        case EventKind::Release:
            release(event.path, sync_row(SyncKind::Object, event.address), Publish::Join);
            break;
        case EventKind::Acquire:
            acquire(event.path, sync_row(SyncKind::Object, event.address));
            break;
        case EventKind::LockAcquire:
        case EventKind::LockRelease:
            if ((event.flags & kLockRcu) == 0) on_lock(event);
            break;
        case EventKind::PathBegin:
            on_path_begin(event);
            break;
        case EventKind::PathEnd:
            update_cpu_locks(event, 0);
            paths_[event.path.index()].is_ended_user = event.info != nullptr && event.info->is_user;
            break;
        case EventKind::ModuleUnload:
            on_unload(event);
            break;
        case EventKind::PathWake:
            on_wake(event);
            break;
        case EventKind::Migrate:
        case EventKind::ContextChange:
            if (event.info != nullptr) update_cpu_locks(event, cpu_locks_of(*event.info));
            break;
        default:
            break;
    }
}

void HappensBefore::on_access(const Event& event) {
    deferred_ = {
        .path = event.path, .flags = event.flags, .cpu = event.cpu, .location = event.address};
    if ((event.flags & kCpuAtomic) != 0 && event.info != nullptr) {
        deferred_.cpu_locks = cpu_locks_of_one_instruction(*event.info);
        acquire_cpu_locks(event.path, event.cpu, deferred_.cpu_locks);
    }
}

void HappensBefore::finish_access() {
    const Deferred access = deferred_;
    deferred_ = {};
    release_cpu_locks(access.path, access.cpu, access.cpu_locks);
    if ((access.flags & kSynchronising) == 0) return;
    const Row row = sync_row(SyncKind::Location, access.location);
    const bool reads = (access.flags & kRead) != 0;
    const bool writes = (access.flags & kWrite) != 0 && (access.flags & kFailedCompare) == 0;
    if (reads) acquire(access.path, row);
    // A plain store hides what earlier writers published there; a read-modify-write passes it on.
    if (writes) release(access.path, row, reads ? Publish::Join : Publish::Replace);
}

void HappensBefore::on_lock(const Event& event) {
    const bool is_shared = (event.flags & kLockShared) != 0;
    const Row writers = sync_row(SyncKind::LockWriters, event.address);
    const Row readers = sync_row(SyncKind::LockReaders, event.address);
    if (event.kind == EventKind::LockRelease) {
        release(event.path, is_shared ? readers : writers, Publish::Join);
        return;
    }
    acquire(event.path, writers);
    if (!is_shared) acquire(event.path, readers);
}

void HappensBefore::on_path_begin(const Event& event) {
    const bool is_handler = event.info != nullptr && event.info->kind != PathKind::Task;
    if (is_handler) {
        update_cpu_locks(event, cpu_locks_of(*event.info));
        return;
    }
    paths_[event.path.index()].cpu = event.cpu;
    const PathId creator(static_cast<uint16_t>(event.value));
    // Who was woken before it began has its waker's history; the creator's later doings are not
    // part of it.
    if (creator == kNoPath || creator == event.path || paths_[event.path.index()].was_woken) return;
    ensure_path(creator);
    release(creator, path_rows_[event.path.index()], Publish::Join);
}

void HappensBefore::on_wake(const Event& event) {
    paths_[event.path.index()].was_woken = true;
    const PathId waker(static_cast<uint16_t>(event.value));
    if (waker == kNoPath || waker == event.path) return;
    ensure_path(waker);
    release(waker, path_rows_[event.path.index()], Publish::Join);
}

void HappensBefore::on_unload(const Event& event) {
    for (size_t path = 0; path < paths_.size(); ++path)
        if (paths_[path].is_ended_user) acquire(event.path, path_rows_[path]);
}

}  // namespace kloom::trace
