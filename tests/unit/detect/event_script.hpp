// EventScript: hand-written executions for the tests of detectors.
//
// A script emits the events that the machine and the kernel would emit, to the happens-before
// clocks and to all detectors, as in a session. Places in the code are line numbers: `line` of a
// call becomes the pc line * 64, so that neighbouring lines are different expressions of one
// function.
#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "detect/detectors.hpp"
#include "trace/event.hpp"
#include "trace/happens_before.hpp"

namespace kloom::detect::testing {

using trace::CpuId;
using trace::Event;
using trace::EventKind;
using trace::PathId;

inline constexpr uintptr_t kData = 0x555500000000;    // module data
inline constexpr uintptr_t kPerCpu = 0x7fff00000000;  // its .data..percpu section
inline constexpr uintptr_t kHeap = 0x200000000000;
inline constexpr uintptr_t kUser = 0x100000000000;
inline constexpr uintptr_t kV = kData + 0x100;  // variables of the tests
inline constexpr uintptr_t kW = kData + 0x200;
inline constexpr uintptr_t kLockA = kData + 0x1000;
inline constexpr uintptr_t kLockB = kData + 0x1100;
inline constexpr uintptr_t kLockC = kData + 0x1200;
inline constexpr uintptr_t kCounter = kPerCpu + 0x40;  // a per-CPU variable

inline constexpr CpuId kCpu0{0};
inline constexpr CpuId kCpu1{1};

// The copy of kCounter that belongs to `cpu`.
inline uintptr_t counter_of(CpuId cpu) {
    return trace::percpu_copy(kCounter, cpu);
}

class CollectingSink final : public trace::FindingSink {
  public:
    bool wants(const char*, trace::Severity, uintptr_t, uintptr_t, uintptr_t) override {
        return true;
    }
    void report(trace::Finding finding) override { findings.push_back(std::move(finding)); }

    std::vector<trace::Finding> findings;
};

class EventScript {
  public:
    EventScript();

    // ---- paths ----
    PathId task(CpuId cpu, PathId creator = trace::kNoPath);
    PathId user(CpuId cpu);
    // A handler on `cpu` on top of `interrupted`, which must run there; its PathId is that of
    // earlier ones of its kind.
    PathId hardirq(CpuId cpu, PathId interrupted = trace::kNoPath);
    PathId softirq(CpuId cpu, PathId interrupted = trace::kNoPath);
    void end(PathId path);
    void migrate(PathId path, CpuId to);
    void block(PathId path, int line, const char* what, uintptr_t object = 0);
    void wake(PathId woken, PathId waker);

    // ---- memory ----
    void access(PathId path, int line, uintptr_t address, uint16_t flags, uint32_t size = 4);
    void read(PathId path, int line, uintptr_t address = kV, uint32_t size = 4) {
        access(path, line, address, trace::kRead, size);
    }
    void write(PathId path, int line, uintptr_t address = kV, uint32_t size = 4) {
        access(path, line, address, trace::kWrite, size);
    }
    void update(PathId path, int line, uintptr_t address = kV);  // V++: read, then write
    uintptr_t allocate(PathId path, int line, uint64_t size);
    void free(PathId path, int line, uintptr_t address);
    void percpu_address(PathId path, int line, CpuId owner, uint16_t flags);

    // ---- locks and order ----
    void request(PathId path, int line, uintptr_t lock, uint16_t flags = 0);
    void acquire_lock(PathId path, int line, uintptr_t lock, uint16_t flags = 0);
    void lock(PathId path, int line, uintptr_t lock, uint16_t flags = 0);  // request and acquire
    void unlock(PathId path, int line, uintptr_t lock, uint16_t flags = 0);
    void release(PathId path, uintptr_t object) {
        emit(path, 1, {.kind = EventKind::Release, .address = object});
    }
    void acquire(PathId path, uintptr_t object) {
        emit(path, 1, {.kind = EventKind::Acquire, .address = object});
    }

    // ---- context ----
    void add_preempt_count(PathId path, int line, int difference);
    void preempt_disable(PathId path, int line) { add_preempt_count(path, line, 1); }
    void preempt_enable(PathId path, int line) { add_preempt_count(path, line, -1); }
    void bh_disable(PathId path, int line) {
        add_preempt_count(path, line, trace::kSoftirqDisableOffset);
    }
    void bh_enable(PathId path, int line) {
        add_preempt_count(path, line, -static_cast<int>(trace::kSoftirqDisableOffset));
    }
    void set_irqs(PathId path, int line, bool disabled);
    void irqs_off(PathId path, int line) { set_irqs(path, line, true); }
    void irqs_on(PathId path, int line) { set_irqs(path, line, false); }

    // Anything else; fills in path, CPU, pc, number and time.
    void emit(PathId path, int line, Event event);
    void advance(trace::VirtualTime nanoseconds) { time_ += nanoseconds; }
    trace::PathInfo& info(PathId path);

    // ---- results ----
    const std::vector<trace::Finding>& findings() const { return sink_.findings; }
    // Ids in the order of the reports, separated by spaces: "data-race lost-update".
    std::string ids() const;
    // The first finding with this id; a test failure and an empty finding if there is none.
    const trace::Finding& finding(const std::string& id) const;
    bool is_visible(uintptr_t address) const { return visible_.contains(address, 1); }
    trace::HappensBefore& happens_before() { return happens_before_; }
    // The next execution of the same search.
    void begin_execution();

  private:
    PathId begin(trace::PathInfo path);
    PathId handler(trace::PathKind kind, CpuId cpu, PathId interrupted);

    trace::MemoryMap memory_;
    trace::VisibleSet visible_;
    trace::HappensBefore happens_before_;
    CollectingSink sink_;
    std::vector<std::unique_ptr<trace::Observer>> detectors_;
    trace::ObserverList observers_;
    std::deque<trace::PathInfo> paths_;
    uintptr_t heap_top_ = kHeap + 0x1000;
    uint64_t number_ = 0;
    trace::VirtualTime time_ = 0;
};

}  // namespace kloom::detect::testing
