// StaleCpu: a per-CPU address that is used after its path has moved to another CPU.
//
// The detector remembers the per-CPU addresses that each path computed. An access to the copy of a
// CPU on which the path does not run is stale when the path got the address as "mine"
// (this_cpu_ptr, get_cpu_ptr) and not by naming the CPU (per_cpu_ptr). A path that holds a lock of
// that copy may go on with it: that is how such code is written correctly. A read through
// raw_cpu_ptr is a hint that may be stale.
#pragma once

#include <vector>

#include "detect/detectors.hpp"
#include "detect/lock_tracker.hpp"
#include "detect/path_table.hpp"

namespace kloom::detect {

class StaleCpu final : public trace::Observer {
  public:
    StaleCpu(const DetectorContext& context, const LockTracker& locks)
        : context_(context), locks_(locks) {}

    uint64_t interests() const override;
    void begin_execution() override { paths_.begin_execution(); }
    void on_event(const trace::Event& event) override;

  private:
    struct Computed {
        uintptr_t address = 0;
        trace::CpuId owner = trace::kNoCpu;
        uint16_t flags = 0;  // trace::CpuReadFlags
        Site site;
    };
    struct State {
        std::vector<Computed> addresses;  // one per address
        Site migration;                   // the last one; unknown before
        bool may_be_stale = false;        // it has moved since it first computed an address

        void clear() {
            addresses.clear();
            migration = {};
            may_be_stale = false;
        }
    };

    void on_address(const trace::Event& event);
    void on_access(const trace::Event& event);
    const Computed* find_source(const State& state, uintptr_t address, trace::CpuId owner) const;
    bool holds_lock_of(trace::PathId path, trace::CpuId owner) const;
    void report(const trace::Event& event, const State& state, const Computed& source);

    DetectorContext context_;
    const LockTracker& locks_;
    PathTable<State> paths_;
};

}  // namespace kloom::detect
