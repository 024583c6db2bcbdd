// HappensBefore: which events of an execution are ordered by synchronisation, as vector clocks.
//
// A path's clock holds, for every path, up to which of that path's epochs its history is known. An
// event of path p at epoch e happens before the present of path q when q's clock holds at least e
// for p (Mattern 1989; epochs as in FastTrack, Flanagan and Freund 2009). Edges:
//
//   objects     Release -> Acquire of the same address
//   locks       release -> acquire; readers are ordered with writers but not with one another
//   atomics     marked and atomic accesses release (write) and acquire (read) their location. On
//               x86 they do, and who writes READ_ONCE has thought about it
//   paths       creator -> created, waker -> woken. A handler follows the previous handler with
//               its PathId, and nothing orders it with the path that it interrupted: that is where
//               its races are. The unload of the module comes after the user processes that have
//               ended by then
//   CPUs        three locks per CPU. The task lock is held by tasks with preemption off, the
//               softirq lock by softirq handlers and whoever keeps them off, the interrupt lock by
//               hardirq handlers and whoever keeps interrupts off. A this_cpu operation takes them
//               for one instruction. So code with preemption off on CPU 0 is not ordered with
//               CPU 1, nor with an interrupt on CPU 0
//
// A context switch orders nothing: what the code can observe of it is in the edges above.
// Registered before every detector. Edges made by an access take effect after all observers have
// seen the access, so a detector still sees two accesses to a location as unordered when only the
// location itself orders them.
#pragma once

#include <cstdint>
#include <vector>

#include "trace/event.hpp"
#include "trace/ids.hpp"

namespace kloom::trace {

// Equally long rows of epochs in one block; the rows widen together when a path with a higher id
// appears.
class ClockRows {
  public:
    using Row = uint32_t;

    size_t width() const { return width_; }
    void clear() { rows_ = 0; }
    Row add();  // all zero
    uint32_t* at(Row row) { return &cells_[size_t{row} * width_]; }
    const uint32_t* at(Row row) const { return &cells_[size_t{row} * width_]; }
    void widen(size_t width);
    void join(Row into, Row from);
    void copy(Row into, Row from);

  private:
    std::vector<uint32_t> cells_;  // [row][path]
    size_t width_ = 8;
    size_t rows_ = 0;
};

class HappensBefore final : public Observer {
  public:
    HappensBefore();

    // Present epoch of `path`. Requires: the path has had an event.
    uint32_t now(PathId path) const { return clocks_.at(path_rows_[path.index()])[path.index()]; }

    // Whether what `earlier` did at epoch `at` happens before the present of `later`. Requires:
    // both have had events.
    bool ordered(PathId earlier, uint32_t at, PathId later) const {
        return clocks_.at(path_rows_[later.index()])[earlier.index()] >= at;
    }

    // `later` takes over the history of `earlier` up to epoch `at`: a marked read of what a plain
    // write stored. The epochs of third paths are those that `earlier` knows now, which may be more
    // than it knew then.
    void follow(PathId later, PathId earlier, uint32_t at);

    uint64_t interests() const override;
    void begin_execution() override;
    void on_event(const Event& event) override;

  private:
    using Row = ClockRows::Row;
    enum class SyncKind : uint8_t { Object, LockWriters, LockReaders, Location };
    enum class Publish : uint8_t { Replace, Join };
    enum CpuLock : uint8_t { kTaskLock = 1, kSoftirqLock = 2, kIrqLock = 4 };
    static constexpr int kCpuLocks = 3;

    struct Slot {
        uint64_t key = 0;
        uint32_t generation = 0;  // other generations are free slots
        Row row = 0;
    };
    struct PathState {
        uint8_t held = 0;  // CpuLocks of `cpu`
        CpuId cpu = kNoCpu;
        bool was_woken = false;
        bool is_ended_user = false;
    };
    // What an access publishes or takes over once every observer has seen it.
    struct Deferred {
        PathId path = kNoPath;  // kNoPath: nothing
        uint16_t flags = 0;
        CpuId cpu = kNoCpu;
        uint8_t cpu_locks = 0;
        uintptr_t location = 0;
    };

    static uint8_t cpu_locks_of(const PathInfo& info);
    static uint8_t cpu_locks_of_one_instruction(const PathInfo& info);

    void ensure_path(PathId path);
    Row sync_row(SyncKind kind, uintptr_t address);
    Row cpu_lock_row(CpuId cpu, int lock);
    void grow_slots();

    void acquire(PathId path, Row row) { clocks_.join(path_rows_[path.index()], row); }
    void release(PathId path, Row row, Publish publish);
    void acquire_cpu_locks(PathId path, CpuId cpu, uint8_t locks);
    void release_cpu_locks(PathId path, CpuId cpu, uint8_t locks);

    void on_access(const Event& event);
    void finish_access();
    void on_lock(const Event& event);
    void on_path_begin(const Event& event);
    void on_wake(const Event& event);
    void on_unload(const Event& event);
    void update_cpu_locks(const Event& event, uint8_t wanted);

    ClockRows clocks_;
    std::vector<Row> path_rows_;    // [path]
    std::vector<PathState> paths_;  // [path]
    std::vector<Slot> slots_;       // open addressing by key
    size_t slots_used_ = 0;
    uint32_t generation_ = 1;
    std::vector<uint32_t> cpu_lock_rows_;  // [cpu][lock], row + 1; 0: not used yet
    Deferred deferred_;
};

}  // namespace kloom::trace
